export { standaloneSettings, type StandaloneConfig } from './settings.js';
export { startStandalone, type Standalone, type Time } from './standalone.js';
