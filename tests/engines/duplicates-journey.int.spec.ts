import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('duplicates', () => import('../journeys/duplicates.int.spec.js'));
