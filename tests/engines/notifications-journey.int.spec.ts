import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('notifications', () => import('../journeys/notifications.int.spec.js'));
