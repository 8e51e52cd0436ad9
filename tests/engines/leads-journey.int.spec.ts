import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('leads', () => import('../journeys/leads.int.spec.js'));
