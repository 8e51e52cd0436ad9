import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('scim', () => import('../journeys/scim.int.spec.js'));
