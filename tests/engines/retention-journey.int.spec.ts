import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('retention', () => import('../journeys/retention.int.spec.js'));
