import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('activities', () => import('../journeys/activities.int.spec.js'));
