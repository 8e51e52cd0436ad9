import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('merge of accounts', () => import('../journeys/merge-of-accounts.int.spec.js'));
