export * from './describe-config.js';
export * from './parse-config.js';
export * from './setting.js';
export * from './settings.js';
