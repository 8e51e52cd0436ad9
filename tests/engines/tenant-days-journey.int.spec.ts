import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('tenant-days', () => import('../journeys/tenant-days.int.spec.js'));
