import { expect, it } from '@jest/globals';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { type DomainEvent, newId, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import { SealedTally } from './sealed-tally.js';

const [ada, grace, other] = ['1', '2', '3'].map((n) => `01940000-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];

const event = (type: string, data: object, sealedFor: readonly string[] = []): NewEvent => ({
  ...({ id: newId(), type, data } as DomainEvent & { readonly id: string }),
  metadata: {
    tenant: 'main',
    actor: { kind: 'user', id: 'a' },
    ...{ correlationId: 'c', commandId: newId(), occurredAt: '2026-01-01T00:00:00.000Z', schemaVersion: 1 },
    ...(sealedFor.length > 0 && {
      sealed: sealedFor.map((subject) => ({ subject, origin: 'note-main-1', text: 'x' })),
    }),
  },
});

const store = new InMemoryEventStore();
const add = async (aggregate: string, id: string, ...events: readonly NewEvent[]): Promise<RecordedEvent[]> => {
  const stream = streamName(aggregate, 'main', id);
  await store.append(stream, events, 'no-stream');
  return Array.fromAsync(store.read(stream));
};

it('counts what is sealed for a person wherever that lies, for all who are forgotten meanwhile in one go', async () => {
  await add('contact', ada, event('ContactCreated', {}, [ada]), event('ContactArchived', {}));
  await add('contact', grace, event('ContactCreated', {}, [grace]));
  await add('sales.representative', ada, event('RepresentativeCreated', {}, [ada]));
  await add('note', other, event('NoteWritten', {}, [ada, grace]), event('NoteWritten', {}, [ada]));
  await add('note', newId(), event('NoteWritten', {}, [other]));
  const [first] = await add('erasure', newId(), event('PersonForgotten', { id: ada, ids: [ada] }));
  const [second] = await add('sales.erasure', newId(), event('PersonForgotten', { id: grace, ids: [grace] }));
  let passes = 0;
  const follow = store.follow.bind(store);
  store.follow = (options) => {
    if (options.prefixes?.includes('note-')) passes += 1;
    return follow(options);
  };
  const tally = new SealedTally({
    events: store,
    personal: { contact: ['lastName'], note: ['subject', { name: 'text', about: 'contactId' }] },
    listens: { sales: ['representative'] },
    forgotten: ['erasure-', 'sales.erasure-'],
  });
  const { signal } = new AbortController();
  expect([await tally.of(first!, signal), await tally.of(second!, signal)]).toEqual([4, 2]);
  expect(passes).toBe(1);
});
