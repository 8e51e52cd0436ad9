export { standaloneSettings } from './settings.js';
export { startStandalone, type Standalone, type StandaloneConfig, type Time } from './standalone.js';
