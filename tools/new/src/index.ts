export * from './lists/listings.js';
export { newContext } from './new-context.js';
export { newRecord } from './new-record.js';
export { Refusal } from './refusal.js';
