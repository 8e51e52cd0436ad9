import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('workspace-deletion', () => import('../journeys/workspace-deletion.int.spec.js'));
