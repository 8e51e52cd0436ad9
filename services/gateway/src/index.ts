export type { FirstSignIn } from './access/first-administrator.js';
export { defaultGatewayConfig, type GatewayConfig } from './gateway-config.js';
export * from './gateway-options.js';
export { createGateway, type Gateway } from './gateway.js';
