import type { ActivityFields, RelatedRecord } from '../domain/activity/activity.events.js';
import { activity } from '../domain/activity/activity.js';
import { account } from '../domain/account/account.js';
import { consent } from '../domain/consent/consent.js';
import { contact } from '../domain/contact/contact.js';
import { accounts } from '../records/accounts.js';
import { activities } from '../records/activities.js';
import { consents } from '../records/consents.js';
import { contacts } from '../records/contacts.js';

/** Records of a kind that refer to others, which may be merged. */
export interface Relation {
  readonly kind: string;
  readonly decider: { readonly aggregate: string };
  readonly list: { readonly declaration: { readonly name: string } };
  /** Of the list, with the id or ids that they refer to. */
  readonly field: string;
  /** What has to change for them to refer to another; undefined where they stay what they are for ever. */
  readonly led?: (state: object, from: ReadonlySet<string>, to: string) => object;
  /** The fields of the record that change. */
  readonly changes: readonly string[];
}

const one = (field: string): Pick<Relation, 'field' | 'led' | 'changes'> => ({
  field,
  led: (state, from, to) => (from.has(String((state as Record<string, unknown>)[field])) ? { [field]: to } : {}),
  changes: [field],
});

const linked = (kind: string, field: string): Pick<Relation, 'field' | 'led' | 'changes'> => ({
  field,
  led: (state, from, to) => {
    const { related, participants } = state as Pick<ActivityFields, 'related' | 'participants'>;
    const ledTo = (each: RelatedRecord): RelatedRecord =>
      each.kind === kind && from.has(each.id) ? { ...each, id: to } : each;
    const people = participants?.map((each) =>
      kind === 'contact' && from.has(each.contactId ?? '') ? { ...each, contactId: to } : each,
    );
    return {
      ...(related && { related: distinct(related.map(ledTo), ({ kind: of, id }) => `${of} ${id}`) }),
      ...(people && { participants: distinct(people, ({ contactId, userId }) => `${contactId} ${userId}`) }),
    };
  },
  changes: ['related', 'participants'],
});

const distinct = <T>(all: readonly T[], nameOf: (each: T) => string): readonly T[] => [
  ...new Map(all.map((each) => [nameOf(each), each])).values(),
];

const [ofActivities, ofContacts] = [
  { kind: 'activity', decider: activity, list: activities.projection },
  { kind: 'contact', decider: contact, list: contacts.projection },
];

/** What refers to contacts here. */
export const TO_CONTACTS: readonly Relation[] = [
  { ...ofActivities, ...linked('contact', 'contactIds') },
  // A proof stays what it is.
  { kind: 'consent', decider: consent, list: consents.projection, field: 'contactId', changes: [] },
];

/** What refers to accounts here. */
export const TO_ACCOUNTS: readonly Relation[] = [
  { ...ofActivities, ...linked('account', 'accountIds') },
  { ...ofContacts, ...one('accountId') },
  { kind: 'account', decider: account, list: accounts.projection, ...one('parentId') },
];
