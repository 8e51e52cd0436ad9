export { contactsModule, contactsService } from './contacts.module.js';
