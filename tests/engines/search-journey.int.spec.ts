import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('search', () => import('../journeys/search.int.spec.js'));
