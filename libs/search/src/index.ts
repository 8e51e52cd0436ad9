export * from './levels.js';
export * from './matches.js';
export * from './question.js';
export { RECORD_KEYS_VERSION, recordKeysOf, type SearchedBy } from './record-keys.js';
export { isSimilar } from './similar.js';
