import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('mail', () => import('../journeys/mail.int.spec.js'));
