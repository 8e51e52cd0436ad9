import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('views', () => import('../journeys/views.int.spec.js'));
