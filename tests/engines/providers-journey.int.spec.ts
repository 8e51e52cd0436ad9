import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('providers', () => import('../journeys/providers.int.spec.js'));
