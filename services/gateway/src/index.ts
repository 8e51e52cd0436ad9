export { contextSettings } from './contexts/context-settings.js';
export { RemoteContexts } from './contexts/remote-contexts.js';
export { type FirstSignIn } from './access/first-sign-in.js';
export { defaultGatewayConfig, type GatewayConfig } from './gateway-config.js';
export * from './gateway-options.js';
export { doorSettings, gatewayConfigOf } from './gateway-settings.js';
export { type Binding, type ContractMethod, readContract } from './contract/contract.js';
export { pathWith, routerPath } from './contract/path-template.js';
export { createGateway, type Gateway } from './gateway.js';
