import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { type NewEvent, newId } from '@rapport/kernel';
import { CachedKeyStore } from './cached-key-store.js';
import { InMemoryKeyStore } from './in-memory-key-store.js';
import { SealedEventStore } from './sealed-event-store.js';

const tenant = 'acme';
const [ada, bo] = [newId(), newId()];
const stream = streamName('note', tenant, newId());

const note = (text: string, about: readonly string[]): NewEvent => ({
  ...{ id: newId(), type: 'NoteWritten', data: { text, at: 'noon' }, about: { contactIds: about } },
  metadata: {
    ...{ tenant, actor: { kind: 'user', id: 'u1' }, correlationId: 'c1', commandId: 'c1' },
    ...{ occurredAt: '2024-02-29T12:00:00.000Z', schemaVersion: 1 },
  },
});

const given = () => {
  const inner = new InMemoryEventStore();
  const keys = new CachedKeyStore(new InMemoryKeyStore());
  const store = new SealedEventStore(inner, keys, { note: [{ name: 'text', about: 'contactIds' }] });
  const texts = async () =>
    (await Array.fromAsync(store.read(stream))).map(({ data }) => (data as { text?: string }).text);
  return { inner, keys, store, texts };
};

describe('what is about several people', () => {
  it('is one ciphertext, which is opened whoever of them was named first', async () => {
    const { inner, store, texts } = given();
    await store.append(stream, [note('both', [ada, bo]), note('both', [bo, ada, bo])], 'no-stream');
    expect(await texts()).toEqual(['both', 'both']);
    const sealed = (await Array.fromAsync(inner.read(stream))).map(({ metadata }) => metadata.sealed);
    const [subject, other] = [ada, bo].sort();
    for (const each of sealed)
      expect(each).toEqual([{ subject, with: [other], origin: stream, text: expect.any(String) }]);
  });

  it.each([[ada], [bo]])('goes with whichever of them is erased', async (erased) => {
    const { keys, store, texts } = given();
    await store.append(stream, [note('both', [ada, bo]), note('ada', [ada]), note('bo', [bo])], 'no-stream');
    await keys.destroy({ tenant, id: erased }, '2024-03-01T00:00:00.000Z');
    expect(await texts()).toEqual([undefined, ...(erased === ada ? [undefined, 'bo'] : ['ada', undefined])]);
    expect((await Array.fromAsync(store.read(stream)))[0]!.metadata.erased).toBe(true);
  });

  it('is not kept where one of them is erased already', async () => {
    const { keys, store, texts } = given();
    await store.append(stream, [note('bo', [bo])], 'no-stream');
    await keys.destroy({ tenant, id: ada }, '2024-03-01T00:00:00.000Z');
    const appended = await store.append(stream, [note('both', [ada, bo])], 0);
    expect(appended.kept).toMatchObject([{ data: { at: 'noon' } }]);
    expect(await texts()).toEqual(['bo', undefined]);
  });
});
