import { publishRecord, type Published } from '@rapport/service-kit';
import type { AccountEvent } from '../domain/account/account.events.js';
import type { ContactErased, ContactEvent } from '../domain/contact/contact.events.js';

/** Domain event → integration event. Total: an event without an entry does not compile. */
export const publishes = {
  ...publishRecord<'Contact', ContactEvent>('Contact', 'contact'),
  ContactErased: ({ data }: ContactErased) => ({ type: 'ContactErased', data: { receiptId: data.receiptId } }),
  ...publishRecord<'Account', AccountEvent>('Account', 'account'),
} satisfies Published<ContactEvent | AccountEvent>;
