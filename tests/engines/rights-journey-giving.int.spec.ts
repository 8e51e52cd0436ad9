import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('rights by giving', () => import('../journeys/rights-giving.int.spec.js'));
