/** Everything generated from proto/, the one place where APIs and published events are defined. */
export * from './gen/index.js';
