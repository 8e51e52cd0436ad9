export { makeContextKeys } from './context-keys.js';
export { pemOf } from './given-text.js';
export { openEngines, openFormerEvents } from './open-engines.js';
export { ownNamespace } from './own-namespace.js';
export { RunningProcess, runProcess } from './running-process.js';
export { openHealth, serveContext } from './serve-context.js';
export { engineSettings, processSettings, regionSettings, serviceSettings } from './settings.js';
