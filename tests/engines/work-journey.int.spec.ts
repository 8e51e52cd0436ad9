import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('work', () => import('../journeys/work.int.spec.js'));
