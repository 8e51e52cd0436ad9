import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('company', () => import('../journeys/company.int.spec.js'));
