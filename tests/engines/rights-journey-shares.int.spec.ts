import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('rights by shares', () => import('../journeys/rights-shares.int.spec.js'));
