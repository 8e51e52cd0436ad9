import { describe, expect, it } from '@jest/globals';
import { type EventMetadata, newId, type NewEvent, type RecordedEvent, type SealedPart, START } from '@rapport/kernel';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { CachedKeyStore } from './cached-key-store.js';
import { InMemoryKeyStore } from './in-memory-key-store.js';
import { KeyDestroyed } from './key-store.js';
import { SealedEventStore } from './sealed-event-store.js';

const METADATA: EventMetadata = {
  tenant: 'acme',
  actor: { kind: 'user', id: 'u1' },
  correlationId: 'c1',
  commandId: 'c1',
  occurredAt: '2024-02-29T12:00:00.000Z',
  schemaVersion: 1,
};

const event = (data: object): NewEvent => ({ id: newId(), type: 'ContactChanged', data, metadata: METADATA });

const ADA = { firstName: 'Ada', owner: 'u1', set: { email: 'ada@example.com', stage: 'lead' } };
const WITHOUT_ADA = { owner: 'u1', set: { stage: 'lead' } };

const given = () => {
  const inner = new InMemoryEventStore();
  const keyStore = new InMemoryKeyStore();
  const keys = new CachedKeyStore(keyStore);
  const store = new SealedEventStore(inner, keys, { contact: ['firstName', 'email'] });
  const subject = { tenant: 'acme', id: newId() };
  return { inner, keyStore, keys, store, subject, stream: streamName('contact', subject.tenant, subject.id) };
};

const all = async (events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  for await (const one of events) found.push(one);
  return found;
};

const followed = async (store: SealedEventStore): Promise<RecordedEvent[]> => {
  const abort = new AbortController();
  const found: RecordedEvent[] = [];
  for await (const page of store.follow({ prefixes: [], after: START, signal: abort.signal })) {
    found.push(...page.events);
    if (page.caughtUp) break;
  }
  return found;
};

describe('sealed event store', () => {
  it('keeps personal fields out of the inner store and gives them back on reading and following', async () => {
    const { inner, store, stream } = given();
    const appended = event(ADA);
    const { position } = await store.append(stream, [appended], 'no-stream');
    const [stored] = await all(inner.read(stream));
    expect(stored!.data).toEqual(WITHOUT_ADA);
    expect(JSON.stringify(stored)).not.toMatch(/Ada|ada@/);
    const [read] = await all(store.read(stream));
    expect(read).toEqual({ ...appended, stream, revision: 0, position, recordedAt: stored!.recordedAt });
    expect(await followed(store)).toEqual([read]);
  });

  it('leaves the rest once the key is destroyed', async () => {
    const { store, stream, subject, keys } = given();
    await store.append(stream, [event(ADA), event({ stage: 'won' })], 'no-stream');
    await keys.destroy(subject, '2026-01-01T00:00:00.000Z');
    const [first, second] = await all(store.read(stream));
    expect(first).toMatchObject({ data: WITHOUT_ADA, metadata: { ...METADATA, erased: true } });
    expect(first!.metadata).not.toHaveProperty('sealed');
    expect(second!.metadata).toEqual(METADATA);
    expect(await followed(store)).toEqual([first, second]);
  });

  it('refuses personal fields of an erased subject, and takes others', async () => {
    const { store, stream, subject, keys } = given();
    await store.append(stream, [event(ADA)], 'no-stream');
    await keys.destroy(subject, '2026-01-01T00:00:00.000Z');
    await expect(store.append(stream, [event(ADA)], 0)).rejects.toThrow(KeyDestroyed);
    expect((await store.append(stream, [event({ stage: 'lost' })], 0)).revision).toBe(1);
  });

  it('passes other aggregates through as they are, and makes no key for them', async () => {
    const { inner, store, keyStore, subject } = given();
    const stream = streamName('deal', subject.tenant, subject.id);
    await store.append(stream, [event(ADA)], 'no-stream');
    expect((await all(inner.read(stream)))[0]).toMatchObject({ data: ADA, metadata: METADATA });
    expect(await keyStore.find(subject)).toBeUndefined();
  });

  it('repeats an append exactly: a retry is recognised although it is sealed anew', async () => {
    const { store, stream } = given();
    const events = [event(ADA), event(ADA)];
    const first = await store.append(stream, events, 'no-stream');
    expect(await store.append(stream, events, 'no-stream')).toEqual(first);
  });

  it.each([
    ['changed', (sealed: string) => sealed.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'))],
    ['cut off', (sealed: string) => sealed.slice(0, 12)],
    ['of an unknown form', (sealed: string) => `Z${sealed.slice(1)}`],
  ])('says so when sealed data was %s', async (_, change) => {
    const { inner, store, stream } = given();
    const original = event(ADA);
    await store.append(stream, [original], 'no-stream');
    const [stored] = await all(inner.read(stream));
    const forged = { ...original, metadata: { ...METADATA, sealed: change(stored!.metadata.sealed as string) } };
    await inner.append(stream, [forged], 0);
    await expect(all(store.read(stream, { from: 1 }))).rejects.toMatchObject({ code: 'sealed-data-damaged' });
  });

  it('does not open sealed data that was moved to another event', async () => {
    const { inner, store, stream } = given();
    await store.append(stream, [event(ADA)], 'no-stream');
    const [stored] = await all(inner.read(stream));
    await inner.append(stream, [{ ...stored!, id: newId() }], 0);
    await expect(all(store.read(stream, { from: 1 }))).rejects.toThrow(/changed, moved, or sealed with another key/);
  });

  it('does not take a lost key for an erasure', async () => {
    const { inner, store, stream } = given();
    await store.append(stream, [event(ADA)], 'no-stream');
    const withoutKeys = new SealedEventStore(inner, new CachedKeyStore(new InMemoryKeyStore()), { contact: ['email'] });
    await expect(all(withoutKeys.read(stream))).rejects.toMatchObject({ code: 'key-missing' });
  });

  it('asks for each key once, and again only when it had to let it go', async () => {
    const asked: string[] = [];
    class Counting extends InMemoryKeyStore {
      override find(subject: { tenant: string; id: string }) {
        asked.push(subject.id);
        return super.find(subject);
      }
    }
    const keys = new CachedKeyStore(new Counting(), { most: 2 });
    const subjects = ['a', 'b', 'c'].map((id) => ({ tenant: 'acme', id }));
    for (const subject of subjects) await keys.create(subject);
    for (const n of [0, 1, 0, 2, 0, 1]) await keys.toOpen(subjects[n]!);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('asks for the keys of a page at once, also when it cannot hold all of them', async () => {
    const calls: string[] = [];
    class Counting extends InMemoryKeyStore {
      override find(subject: { tenant: string; id: string }) {
        calls.push('one');
        return super.find(subject);
      }
      override findMany(subjects: readonly { tenant: string; id: string }[]) {
        calls.push(`${subjects.length} at once`);
        return Promise.all(subjects.map((subject) => super.find(subject)));
      }
    }
    const [inner, keyStore] = [new InMemoryEventStore(), new Counting()];
    const storeWith = (most: number) =>
      new SealedEventStore(inner, new CachedKeyStore(keyStore, { most }), { contact: ['firstName', 'email'] });
    const writer = storeWith(10);
    for (const id of ['a', 'b', 'c']) {
      await writer.append(streamName('contact', 'acme', id), [event(ADA), event(ADA)], 'no-stream');
    }
    const opened = [ADA, ADA, ADA, ADA, ADA, ADA];
    const reader = storeWith(10);
    expect((await followed(reader)).map(({ data }) => data)).toEqual(opened);
    expect((await followed(reader)).map(({ data }) => data)).toEqual(opened);
    expect(calls.splice(0)).toEqual(['3 at once']);
    expect((await followed(storeWith(1))).map(({ data }) => data)).toEqual(opened);
    expect(calls).toEqual(['3 at once', 'one', 'one', 'one']);
  });

  it('does not bring back a key that was on its way while it was destroyed', async () => {
    const { keys, subject } = given();
    await keys.create(subject);
    const onItsWay = keys.toOpen(subject);
    await keys.destroy(subject, '2026-01-01T00:00:00.000Z');
    await onItsWay;
    expect(await keys.toOpen(subject)).toBe('destroyed');
    await expect(keys.toSeal(subject, true)).rejects.toThrow(KeyDestroyed);
  });
});

const NOTE = { note: ['subject', { name: 'text', about: 'contactId' }, { name: 'name', about: 'personId' }] };
const AT = '2026-01-01T00:00:00.000Z';

/** A store of notes, which are about others. */
const givenNotes = () => {
  const inner = new InMemoryEventStore();
  const keys = new CachedKeyStore(new InMemoryKeyStore());
  const store = new SealedEventStore(inner, keys, NOTE);
  const noteId = newId();
  const stream = streamName('note', 'acme', noteId);
  const erase = (id: string) => keys.destroy({ tenant: 'acme', id }, AT);
  return { inner, keys, store, stream, noteId, erase };
};

describe('fields about others', () => {
  const lunch = {
    subject: 'Lunch',
    contactId: 'ada',
    text: 'Likes tea',
    people: [{ personId: 'bob', name: 'Bob' }],
  };

  it('are sealed for each person, and lose one when that one is erased', async () => {
    const { inner, store, stream, noteId, erase } = givenNotes();
    await store.append(stream, [event(lunch)], 'no-stream');
    const [stored] = await all(inner.read(stream));
    const sealed = stored!.metadata.sealed as readonly SealedPart[];
    expect(sealed.map(({ subject, origin }) => [subject, origin])).toEqual(
      [noteId, 'ada', 'bob'].map((subject) => [subject, stream]),
    );
    expect(JSON.stringify(stored)).not.toMatch(/Lunch|tea|Bob/);
    expect((await all(store.read(stream)))[0]!.data).toEqual(lunch);
    await erase('ada');
    const { text: _, ...withoutAda } = lunch;
    const [read] = await all(store.read(stream));
    expect(read).toMatchObject({ data: withoutAda, metadata: { erased: true } });
    expect(await followed(store)).toEqual([read]);
    await erase('bob');
    await erase(noteId);
    expect((await all(store.read(stream)))[0]!.data).toEqual({ contactId: 'ada', people: [{ personId: 'bob' }] });
  });

  it('are about whom the state names where the event names nobody, and that is not stored', async () => {
    const { inner, store, stream, erase } = givenNotes();
    const edit = { ...event({ set: { text: 'Likes coffee' } }), about: { contactId: 'ada' } };
    await store.append(stream, [{ ...event({ contactId: 'ada' }), about: { contactId: 'ada' } }, edit], 'no-stream');
    for (const stored of await all(inner.read(stream))) expect(stored).not.toHaveProperty('about');
    await erase('ada');
    expect((await all(store.read(stream))).map(({ data }) => data)).toEqual([{ contactId: 'ada' }, { set: {} }]);
  });

  it('are about the record itself where nobody is named, in the form of version 1', async () => {
    const { inner, store, stream, erase, noteId } = givenNotes();
    await store.append(stream, [event({ text: 'Nobody in particular', contactId: null })], 'no-stream');
    expect((await all(inner.read(stream)))[0]!.metadata.sealed).toEqual(expect.any(String));
    await erase(noteId);
    expect((await all(store.read(stream)))[0]!.data).toEqual({ contactId: null });
  });

  it('are left out when the person was erased, and the answer says what was kept', async () => {
    const { inner, store, stream, erase } = givenNotes();
    await erase('ada');
    const { kept } = await store.append(stream, [event(lunch), event({ other: 1 })], 'no-stream');
    const { text: _, ...withoutAda } = lunch;
    expect(kept!.map(({ data }) => data)).toEqual([withoutAda, { other: 1 }]);
    expect((await all(inner.read(stream)))[0]!.metadata.sealed).toHaveLength(2);
    expect((await all(store.read(stream))).map(({ data }) => data)).toEqual([withoutAda, { other: 1 }]);
    await store.append(stream, [{ ...event({ set: { text: 'more' } }), about: { contactId: 'ada' } }], 1);
    expect((await all(inner.read(stream, { from: 2 })))[0]!.metadata).not.toHaveProperty('sealed');
  });

  it('stay refused when the record itself was erased', async () => {
    const { store, stream, erase, noteId } = givenNotes();
    await erase(noteId);
    await expect(store.append(stream, [event(lunch)], 'no-stream')).rejects.toThrow(KeyDestroyed);
  });

  it('open in a copy that lies in the store of another context, and nowhere else', async () => {
    const { inner, keys, store, stream } = givenNotes();
    await store.append(stream, [event(lunch)], 'no-stream');
    const [{ id, type, data, metadata }] = (await all(inner.read(stream))) as [RecordedEvent];
    const elsewhere = new InMemoryEventStore();
    const reader = new SealedEventStore(elsewhere, keys, {});
    await elsewhere.append(`notes.${stream}`, [{ id, type, data, metadata }], 'no-stream');
    expect((await all(reader.read(`notes.${stream}`)))[0]!.data).toEqual(lunch);
    expect((await followed(reader))[0]!.data).toEqual(lunch);
    await elsewhere.append(`notes.${stream}`, [{ id: newId(), type, data, metadata }], 0);
    await expect(all(reader.read(`notes.${stream}`, { from: 1 }))).rejects.toThrow(/moved/);
  });

  it('ask for all keys of a page at once', async () => {
    const calls: number[] = [];
    class Counting extends InMemoryKeyStore {
      override findMany(subjects: readonly { tenant: string; id: string }[]) {
        calls.push(subjects.length);
        return super.findMany(subjects);
      }
    }
    const [inner, keyStore] = [new InMemoryEventStore(), new Counting()];
    const writer = new SealedEventStore(inner, new CachedKeyStore(keyStore), NOTE);
    for (const person of ['ada', 'bob', 'ada'])
      await writer.append(streamName('note', 'acme', newId()), [event({ ...lunch, contactId: person })], 'no-stream');
    const reader = new SealedEventStore(inner, new CachedKeyStore(keyStore), NOTE);
    expect(await followed(reader)).toHaveLength(3);
    expect(calls).toEqual([5]);
  });
});
