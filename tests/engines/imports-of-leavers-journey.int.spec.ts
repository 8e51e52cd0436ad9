import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('imports of leavers', () => import('../journeys/imports-of-leavers.int.spec.js'));
