import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('leaver', () => import('../journeys/leaver.int.spec.js'));
