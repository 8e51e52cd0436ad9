export { identityModule, identityService } from './identity.module.js';
export { adoptTokens } from './adoption/adopt-tokens.js';
export { signInAnew } from './access/sign-in/sign-in-anew.js';
