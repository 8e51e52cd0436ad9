import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('cli', () => import('../journeys/cli.int.spec.js'));
