import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('missing accounts', () => import('../journeys/missing-accounts.int.spec.js'));
