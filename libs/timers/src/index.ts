export * from './beginnings.js';
export * from './due-timers.js';
export * from './firing.js';
export * from './parked-timers.js';
export * from './plain-clock.js';
export * from './timer-events.js';
export * from './timers.js';
