export { standaloneSettings } from './settings.js';
export { startStandalone, type Standalone, type StandaloneConfig } from './standalone.js';
