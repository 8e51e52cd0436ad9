export { AccessRefused, AppendTooLarge } from './append-answer.js';
export * from './event-store-db-event-store.js';
export * from './event-store-db-options.js';
export * from './open-event-store-db.js';
