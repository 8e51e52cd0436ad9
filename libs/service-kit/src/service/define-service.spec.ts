import { expect, it } from '@jest/globals';
import { contactsV1 } from '@rapport/contracts';
import type { AggregateOf } from '@rapport/contexts';
import type { KnownAggregate } from '@rapport/event-store';
import { recordDecider } from '@rapport/kernel';
import { defineRecord } from '../records/define-record.js';
import { defineService } from './define-service.js';
import { serve } from './serve-record.js';
import type { ServedRecord } from './served-record.js';

type Fields = Omit<contactsV1.Account, 'id' | 'info'>;

const account = serve(
  defineRecord({
    decider: recordDecider<'Account', Fields>('account', 'Account'),
    contract: contactsV1,
    plural: 'accounts',
  }),
  // What only accounts can do is not asked about here.
  { api: class {} as never },
);
const contact = { aggregate: 'contact', events: {} };
const erasure = { aggregate: 'erasure', events: {} };

/** What else contacts may have by now is not asked about here. */
type OfContacts = Readonly<Record<AggregateOf<'contacts'>, ServedRecord | KnownAggregate>>;
const some = (aggregates: Partial<OfContacts>): OfContacts => aggregates as OfContacts;

it('puts together what follows from the aggregates, and what is beside them', () => {
  const service = defineService({
    context: 'contacts',
    aggregates: some({ account, contact, erasure }),
    catalogue: [{ aggregate: 'note', events: {} }],
    personal: { note: ['text'] },
  });
  expect(service.catalogue.map(({ aggregate }) => aggregate)).toEqual([
    'account',
    'contact',
    'erasure',
    'note',
    'auditEntry',
    'auditChain',
    'retention',
    'workspaceExport',
    'deletion',
  ]);
  expect(service).toMatchObject({
    aggregates: ['account', 'contact', 'erasure'],
    records: [account],
    personal: { note: ['text'] },
  });
  expect(service.projections.map(({ declaration }) => declaration.name)).toEqual(['accounts', 'audit_trail']);
  expect(Object.keys(service.publishes)).toContain('AccountRestored');
});

it('refuses an aggregate in the place of another', () => {
  expect(() =>
    defineService({ context: 'contacts', aggregates: some({ account, contact: account, erasure }) }),
  ).toThrow('account stands in the place of contact.');
});

/** Never called: that this does not compile is what the compiler is asked. */
export const refusedByTheCompiler = (): unknown =>
  // @ts-expect-error contacts has an aggregate more
  defineService({ context: 'contacts', aggregates: { account } });
