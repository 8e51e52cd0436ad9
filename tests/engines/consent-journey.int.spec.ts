import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('consent', () => import('../journeys/consent.int.spec.js'));
