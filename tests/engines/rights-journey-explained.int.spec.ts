import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('rights explained', () => import('../journeys/rights-explained.int.spec.js'));
