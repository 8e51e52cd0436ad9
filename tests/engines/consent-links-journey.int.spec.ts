import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('consent-links', () => import('../journeys/consent-links.int.spec.js'));
