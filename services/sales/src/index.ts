export { salesModule, salesService } from './sales.module.js';
