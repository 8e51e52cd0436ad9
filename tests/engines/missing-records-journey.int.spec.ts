import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('missing records', () => import('../journeys/missing-records.int.spec.js'));
