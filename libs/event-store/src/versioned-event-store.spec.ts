import { beforeEach, describe, expect, it } from '@jest/globals';
import { type NewEvent, newId, type RecordedEvent, START } from '@rapport/kernel';
import type { Page } from './event-store.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { VersionedEventStore } from './versioned-event-store.js';

/** A name that was one text, then two, then two under other names. */
const events = {
  NameGiven: [
    ({ name }: { name?: string }) => {
      const [first, last] = (name ?? '').split(' ');
      return { first, last };
    },
    ({ first, last }: { first?: string; last?: string }) => ({ given: first, family: last }),
  ],
  NameTaken: [],
} as never;

const event = (type: string, schemaVersion: number, data: object): NewEvent => ({
  id: newId(),
  type,
  data,
  metadata: {
    tenant: 'main',
    actor: { kind: 'user', id: 'u' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion,
  },
});

let disk: InMemoryEventStore;
let store: VersionedEventStore;
beforeEach(() => {
  disk = new InMemoryEventStore();
  store = new VersionedEventStore(disk, [{ aggregate: 'person', events }]);
});

const read = async (stream: string): Promise<RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for await (const each of store.read(stream)) all.push(each);
  return all;
};

const follow = async (): Promise<RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for await (const page of store.follow({ prefixes: [], after: START, signal: new AbortController().signal })) {
    all.push(...page.events);
    if (page.caughtUp) break;
  }
  return all;
};

describe('events of earlier versions', () => {
  const ADA = { given: 'Ada', family: 'Lovelace' };

  it('are read and followed as those of today, whichever they were', async () => {
    await disk.append(
      'person-main-1',
      [
        event('NameGiven', 1, { name: 'Ada Lovelace' }),
        event('NameGiven', 2, { first: 'Ada', last: 'Lovelace' }),
        event('NameGiven', 3, ADA),
      ],
      'no-stream',
    );
    for (const all of [await read('person-main-1'), await follow()]) {
      expect(all.map(({ data }) => data)).toEqual([ADA, ADA, ADA]);
      expect(all.map(({ metadata }) => metadata.schemaVersion)).toEqual([3, 3, 3]);
    }
  });

  it('stay on the disk as they were', async () => {
    await disk.append('person-main-1', [event('NameGiven', 1, { name: 'Ada Lovelace' })], 'no-stream');
    await read('person-main-1');
    for await (const { data, metadata } of disk.read('person-main-1'))
      expect([data, metadata.schemaVersion]).toEqual([{ name: 'Ada Lovelace' }, 1]);
  });

  it('that are of today, or of nobody we know, are the very same', async () => {
    const foreign = event('Whatever', 7, {});
    await store.append('other.thing-main-1', [foreign], 'no-stream');
    await store.append('person-main-1', [event('NameTaken', 1, {})], 'no-stream');
    expect((await read('other.thing-main-1'))[0]).toMatchObject(foreign);
    expect(await follow()).toHaveLength(2);
  });
});

describe('events of a newer program', () => {
  it.each([
    ['a newer version', event('NameTaken', 2, {}), 'NameTaken of version 2 here; this one knows up to version 1'],
    ['a new event', event('NameChanged', 1, {}), 'NameChanged of version 1 here; this one knows no such event'],
    ['a name of all objects', event('constructor', 1, {}), 'this one knows no such event'],
  ])('are refused in one sentence: %s', async (_, stored, sentence) => {
    await disk.append('person-main-1', [stored], 'no-stream');
    await disk.append('person-main-2', [event('NameTaken', 1, {})], 'no-stream');
    await expect(read('person-main-1')).rejects.toThrow(sentence);
    await expect(follow()).rejects.toMatchObject({ code: 'newer-event', kind: 'unavailable' });
    expect(await read('person-main-2')).toHaveLength(1);
  });

  it('keep nobody from those before them', async () => {
    await disk.append('person-main-1', [event('NameGiven', 1, { name: 'Ada Lovelace' })], 'no-stream');
    await disk.append('person-main-2', [event('NameTaken', 2, {})], 'no-stream');
    await disk.append('person-main-3', [event('NameTaken', 1, {})], 'no-stream');
    const followed: Page[] = [];
    const following = async (): Promise<void> => {
      const options = { prefixes: [], after: START, signal: new AbortController().signal };
      for await (const page of store.follow(options)) followed.push(page);
    };
    await expect(following()).rejects.toMatchObject({ code: 'newer-event' });
    const [{ events, position, caughtUp }, ...more] = followed as [Page, ...Page[]];
    expect(events).toMatchObject([{ stream: 'person-main-1', data: { given: 'Ada' } }]);
    expect([position, caughtUp, more]).toEqual([events[0]!.position, false, []]);
  });
});
