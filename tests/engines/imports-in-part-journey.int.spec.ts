import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('imports in part', () => import('../journeys/imports-in-part.int.spec.js'));
