import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('maven', () => import('../journeys/maven.int.spec.js'));
