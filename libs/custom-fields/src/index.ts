export * from './custom-field.js';
export * from './custom-values.js';
export * from './definitions.js';
export * from './names.js';
export * from './sound-field.js';
