import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('rights of the feed', () => import('../journeys/rights-feed.int.spec.js'));
