import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('protection of users', () => import('../journeys/protection-of-users.int.spec.js'));
