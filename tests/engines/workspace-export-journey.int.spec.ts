import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('workspace-export', () => import('../journeys/workspace-export.int.spec.js'));
