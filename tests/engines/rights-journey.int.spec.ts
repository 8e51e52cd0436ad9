import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('rights', () => import('../journeys/rights.int.spec.js'));
