import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('lead-conversion', () => import('../journeys/lead-conversion.int.spec.js'));
