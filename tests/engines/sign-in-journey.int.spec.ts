import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('sign-in', () => import('../journeys/sign-in.int.spec.js'));
