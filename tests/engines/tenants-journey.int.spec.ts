import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('tenants', () => import('../journeys/tenants.int.spec.js'));
