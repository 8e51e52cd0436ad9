export * from './bus-road.js';
export * from './command-exchange-suite.js';
export type { CommandRoad } from './installation.js';
