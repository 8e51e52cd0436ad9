import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('people', () => import('../journeys/people.int.spec.js'));
