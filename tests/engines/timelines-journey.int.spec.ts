import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('timelines', () => import('../journeys/timelines.int.spec.js'));
