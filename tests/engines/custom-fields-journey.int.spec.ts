import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('custom-fields', () => import('../journeys/custom-fields.int.spec.js'));
