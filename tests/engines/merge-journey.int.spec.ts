import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('merge', () => import('../journeys/merge.int.spec.js'));
