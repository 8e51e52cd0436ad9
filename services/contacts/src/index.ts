export { contactsModule, contactsService } from './contacts.module.js';
export type { ErasureEvent } from './domain/erasure/erasure.events.js';
