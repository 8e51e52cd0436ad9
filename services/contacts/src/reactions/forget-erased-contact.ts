import { prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import type { ContactErased } from '../domain/contact/contact.events.js';
import type { Forgetting } from '../erasure/forgetting.js';

/** An erased person is forgotten: by this alone, however often the process dies over it, and for as long as it takes. */
export const forgetErasedContact = (forgetting: Forgetting): Reaction => ({
  name: 'forget-erased-contact',
  prefixes: [prefixOf('contact')],
  types: ['ContactErased'],
  react: async (event, signal) =>
    (await forgetting.forget(event as RecordedEvent<ContactErased>, signal)) ? 'done' : 'retry',
  attempts: Infinity,
});
