export { identityModule, identityService } from './identity.module.js';
