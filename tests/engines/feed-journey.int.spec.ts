import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('feed', () => import('../journeys/feed.int.spec.js'));
