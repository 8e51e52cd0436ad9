import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, partsOf, streamName, type EventStore } from '@rapport/event-store';
import { newId, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore, type KeyStore, SealedEventStore, type Subject } from '@rapport/privacy';
import { MortalKeyStore, Mortality } from '@rapport/privacy/fakes';
import { soleOwnership, type ErasureFact } from '@rapport/processing';
import { everybodyGone } from '../workspace/deletion/deletion-facts.js';
import { Erasures } from './erasures.js';
import type { LostKeys } from './lost-keys.js';

const FACTS: readonly ErasureFact[] = [
  {
    prefix: 'person-',
    type: 'PersonErased',
    ids: ({ stream, data }) => [partsOf(stream).id, ...(data as { also: string[] }).also],
  },
];
const AT = '2026-01-01T00:00:00.000Z';
const GONE = everybodyGone('identity');

const event = (type: string, data: object): NewEvent => ({
  id: newId(),
  type,
  data,
  metadata: {
    tenant: 'main',
    actor: { kind: 'user', id: 'u' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: AT,
    schemaVersion: 1,
  },
});

let facts: InMemoryEventStore;
let keyring: InMemoryKeyStore;
beforeEach(() => {
  facts = new InMemoryEventStore();
  keyring = new InMemoryKeyStore();
});

/** A process on facts and keys. */
const processOn = (keys: KeyStore, events: EventStore = facts, lostKeys: LostKeys = 'refuse') => {
  const cached = new CachedKeyStore(keys);
  const erasures = new Erasures({
    context: 'people',
    facts: [...FACTS, GONE],
    personal: ['person'],
    events,
    keys: cached,
    ownership: soleOwnership(),
    lostKeys,
    trouble: () => undefined,
  });
  return { erasures, store: new SealedEventStore(events, cached, { person: ['name'] }) };
};

const subject = (id: string): Subject => ({ tenant: 'main', id });
const stream = (id: string): string => streamName('person', 'main', id);
const create = (id: string, { store } = processOn(keyring)) =>
  store.append(stream(id), [event('PersonCreated', { name: `the name of ${id}` })], 'no-stream');
const erase = (id: string, also: readonly string[] = [], { store } = processOn(keyring)) =>
  store.append(stream(id), [event('PersonErased', { also })], 0);

/** A copy of a keyring as it is now. */
const copyOf = async (store: KeyStore): Promise<InMemoryKeyStore> => {
  const copy = new InMemoryKeyStore();
  for await (const page of store.entries()) {
    for (const entry of page) {
      if (entry.key) await copy.create(entry.subject, entry.key);
      else await copy.destroy(entry.subject, entry.destroyedAt);
    }
  }
  const noted = await store.note('erasures of people');
  if (noted !== undefined) await copy.setNote('erasures of people', noted);
  return copy;
};

const isDestroyed = async (keys: KeyStore, ...ids: readonly string[]): Promise<boolean> =>
  (await keys.findMany(ids.map(subject))).every((key) => key === 'destroyed');

describe('erasures that are in the facts', () => {
  it('are applied at the start to every id of the person, and to nobody else', async () => {
    for (const id of ['ada', 'bob', 'eve']) await create(id);
    await keyring.create(subject('lead-of-ada'));
    await erase('ada', ['lead-of-ada']);
    await processOn(keyring).erasures.applyRest();
    expect(await isDestroyed(keyring, 'ada', 'lead-of-ada')).toBe(true);
    expect(await keyring.findMany([subject('bob'), subject('eve')])).toEqual([expect.any(Buffer), expect.any(Buffer)]);
  });

  it('are applied again to an older copy of the keyring that was put back', async () => {
    await create('ada');
    await create('bob');
    await processOn(keyring).erasures.applyRest();
    const older = await copyOf(keyring);
    await erase('ada');
    await processOn(keyring).erasures.applyRest();
    const { erasures, store } = processOn(older);
    expect(await older.find(subject('ada'))).toEqual(expect.any(Buffer));
    await erasures.applyRest();
    expect(await isDestroyed(older, 'ada')).toBe(true);
    for await (const read of store.read(stream('ada'))) expect(read.data).not.toHaveProperty('name');
  });

  it('are looked for only behind those that were applied', async () => {
    for (const id of ['ada', 'bob']) await create(id);
    await erase('ada');
    await processOn(keyring).erasures.applyRest();
    const read: RecordedEvent[] = [];
    const inner = facts;
    class Watched extends InMemoryEventStore {
      override read(...given: Parameters<InMemoryEventStore['read']>) {
        return inner.read(...given);
      }
      override end() {
        return inner.end();
      }
      override async *follow(...given: Parameters<InMemoryEventStore['follow']>) {
        for await (const page of inner.follow(...given)) {
          read.push(...page.events);
          yield page;
        }
      }
    }
    const watched = new Watched();
    await processOn(keyring, watched).erasures.applyRest();
    expect(read).toEqual([]);
    await erase('bob');
    await processOn(keyring, watched).erasures.applyRest();
    expect(read).toHaveLength(1);
    expect(await isDestroyed(keyring, 'bob')).toBe(true);
  });

  it('are looked for from the beginning when the facts are not those that were seen', async () => {
    for (const id of ['ada', 'bob']) await create(id);
    await processOn(keyring).erasures.applyRest();
    facts = new InMemoryEventStore();
    await create('bob', processOn(keyring));
    await erase('bob');
    await processOn(keyring).erasures.applyRest();
    expect(await isDestroyed(keyring, 'bob')).toBe(true);
  });

  it.each([true, false])('are applied wherever a process was killed (last write done: %s)', async (done) => {
    const people = ['ada', 'bob', 'eve'];
    for (let writes = 1, finished = false; !finished; writes += 1) {
      facts = new InMemoryEventStore();
      keyring = new InMemoryKeyStore();
      for (const id of people) await create(id);
      for (const id of people) await erase(id, [`lead-${id}`]);
      const life = new Mortality(writes, done);
      finished = await processOn(new MortalKeyStore(keyring, life))
        .erasures.applyRest()
        .then(
          () => true,
          () => false,
        );
      expect(life.dead).toBe(!finished);
      await processOn(keyring).erasures.applyRest();
      expect(await isDestroyed(keyring, ...people, ...people.map((id) => `lead-${id}`))).toBe(true);
    }
  });

  it('are those of everybody where a workspace was deleted, which an older copy of the keyring does not know', async () => {
    await create('ada');
    const older = await copyOf(keyring);
    const released = event('WorkspaceDeletionReleased', { receiptId: 'r' });
    await facts.append(streamName('deletion', 'main', 'd'), [released], 'no-stream');
    await processOn(keyring).erasures.applyRest();
    expect(await older.destroyedTenants()).toEqual([]);
    await processOn(older).erasures.applyRest();
    expect(await older.destroyedTenants()).toEqual(['main']);
    expect(await isDestroyed(older, 'ada', 'whoever comes')).toBe(true);
  });

  it('are followed', async () => {
    await create('ada');
    const { follower } = processOn(keyring).erasures;
    follower!.start();
    const { position } = await erase('ada');
    await follower!.progress.reach(position, 5_000);
    await follower!.stop();
    expect(await isDestroyed(keyring, 'ada')).toBe(true);
  });
});

describe('facts about people without their keys', () => {
  it('are refused in a sentence with the way out', async () => {
    await create('ada');
    await processOn(keyring).erasures.applyRest();
    const older = await copyOf(keyring);
    await create('bob');
    await expect(processOn(older).erasures.applyRest()).rejects.toMatchObject({
      code: 'keys-lost',
      message: /those of bob .*Put back a copy of the keyring .*RAPPORT_LOST_KEYS=forget/,
    });
    await expect(processOn(new InMemoryKeyStore()).erasures.applyRest()).rejects.toThrow(/those of ada/);
  });

  it('can be given up', async () => {
    await create('ada');
    const lost = new InMemoryKeyStore();
    const { erasures, store } = processOn(lost, facts, 'forget');
    await erasures.applyRest();
    for await (const read of store.read(stream('ada'))) expect(read.metadata.erased).toBe(true);
    await processOn(lost).erasures.applyRest();
  });

  it('are no trouble once the people were erased', async () => {
    await create('ada');
    await erase('ada');
    await processOn(keyring).erasures.applyRest();
    await processOn(await copyOf(keyring)).erasures.applyRest();
  });
});
