import { journeyOnProcesses } from './journey-on-processes.js';

await journeyOnProcesses('erasure-receipt', () => import('../journeys/erasure-receipt.int.spec.js'));
