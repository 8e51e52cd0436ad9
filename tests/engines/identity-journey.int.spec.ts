import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('identity', () => import('../journeys/identity.int.spec.js'));
