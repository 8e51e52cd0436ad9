export { contextSettings } from './contexts/context-settings.js';
export { RemoteContexts } from './contexts/remote-contexts.js';
export { type FirstSignIn, signInAnew } from './access/first-administrator.js';
export { defaultGatewayConfig, type GatewayConfig } from './gateway-config.js';
export * from './gateway-options.js';
export { doorSettings, gatewayConfigOf } from './gateway-settings.js';
export { createGateway, type Gateway } from './gateway.js';
export { ACCESS_TOKEN, type AccessTokenEvent, accessTokenEvents } from './access/access-token.events.js';
