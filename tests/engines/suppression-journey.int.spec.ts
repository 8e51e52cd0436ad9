import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('suppression', () => import('../journeys/suppression.int.spec.js'));
