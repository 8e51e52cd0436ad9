import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('ways-in', () => import('../journeys/ways-in.int.spec.js'));
