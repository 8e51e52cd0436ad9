import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('passkeys', () => import('../journeys/passkeys.int.spec.js'));
