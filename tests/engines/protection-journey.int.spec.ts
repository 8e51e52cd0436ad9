import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('protection', () => import('../journeys/protection.int.spec.js'));
