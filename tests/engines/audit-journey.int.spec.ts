import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('audit', () => import('../journeys/audit.int.spec.js'));
