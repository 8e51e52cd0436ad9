import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('rectification', () => import('../journeys/rectification.int.spec.js'));
