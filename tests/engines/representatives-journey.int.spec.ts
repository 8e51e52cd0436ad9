import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('representatives', () => import('../journeys/representatives.int.spec.js'));
