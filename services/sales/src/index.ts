export { accountNames } from './read-models/account-names.js';
export { salesModule, salesService } from './sales.module.js';
