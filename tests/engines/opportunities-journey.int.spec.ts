import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('opportunities', () => import('../journeys/opportunities.int.spec.js'));
