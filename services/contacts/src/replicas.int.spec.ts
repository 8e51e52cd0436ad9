import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { contactsV1, importsV1, operationsV1 } from '@rapport/contracts';
import { InMemoryEventStore, prefixOf, type EventStore } from '@rapport/event-store';
import type { CallContext } from '@rapport/kernel';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { busExchange, LeasedOwnership, topicOf, type CloudEvent } from '@rapport/processing';
import type { ReadModelStore } from '@rapport/read-models';
import { startInProcess, type Engines, type RunningService } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { contactsModule } from './contacts.module.js';

const { fullName: OPERATIONS } = operationsV1.OperationsServiceDefinition;
const { fullName: ACCOUNTS } = contactsV1.AccountsServiceDefinition;
const { fullName: CONTACTS } = contactsV1.ContactsServiceDefinition;
const { fullName: IMPORTS } = importsV1.ImportsServiceDefinition;

let bus: InMemoryMessageBus;
let shared: Engines;
let replicas: Replica[];

interface Replica {
  readonly name: string;
  readonly service: RunningService;
  /** Its leases are renewed no more. It does not notice before they are over, as when it was stopped for a while. */
  die(): void;
  invoke(service: string, method: string, request: object, call?: CallContext): Promise<never>;
}

/** A store through which nothing can be written any more once it was cut. */
const cuttable = (store: ReadModelStore) => {
  let cut = false;
  const write: ReadModelStore['write'] = (batch) => (cut ? Promise.reject(new Error('cut off')) : store.write(batch));
  return { store: Object.assign(Object.create(store) as ReadModelStore, { write }), cut: () => void (cut = true) };
};

const replica = async (): Promise<Replica> => {
  const name = `contacts-${replicas.length}`;
  const { store, cut } = cuttable(shared.readModels);
  const ownership = new LeasedOwnership(store, { owner: name, ttlMilliseconds: 1_500 });
  const service = await startInProcess(contactsModule({ ...shared, ownership }));
  const invoke: Replica['invoke'] = (contract, method, request, call = callBy()) =>
    service.backend.invoke(contract, method, request, call) as Promise<never>;
  const made = { name, service, die: cut, invoke };
  replicas.push(made);
  return made;
};

const eventually = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const giveUpAt = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const followers = async ({ invoke }: Replica): Promise<Map<string, operationsV1.Follower>> => {
  const { data }: operationsV1.ListFollowersResponse = await invoke(OPERATIONS, 'listFollowers', {});
  return new Map(data.map((follower) => [follower.name, follower]));
};

/** What other contexts tell, the bus divides among all replicas: nobody has all of it. */
const leased = async (replica: Replica): Promise<readonly operationsV1.Follower[]> =>
  [...(await followers(replica)).values()].filter(({ name }) => !name.startsWith('inbox:'));

const ownerOf = async (follower: string, seenFrom: Replica): Promise<string | undefined> =>
  (await followers(seenFrom)).get(follower)?.owner;

const createAccount = async ({ invoke }: Replica, name: string): Promise<{ id: string; consistency: string }> => {
  const call = callBy();
  const account = contactsV1.Account.fromPartial({ name });
  const { id }: contactsV1.Account = await invoke(ACCOUNTS, 'createAccount', { account }, call);
  return { id, consistency: call.answer.consistency! };
};

/** An event store that lets everybody in the process have their turn at each append, as a real one does. */
const unhurried = (store: EventStore): EventStore => ({
  append: async (...given) => {
    await new Promise(setImmediate);
    return store.append(...given);
  },
  read: (...given) => store.read(...given),
  follow: (options) => store.follow(options),
  end: () => store.end(),
  lacks: (position) => store.lacks(position),
  removeTenant: (...given) => store.removeTenant(...given),
  close: () => store.close(),
});

beforeEach(async () => {
  bus = new InMemoryMessageBus();
  const exchange = busExchange(bus);
  shared = await inMemoryEngines({ events: unhurried(new InMemoryEventStore()), exchange });
  replicas = [];
});
afterEach(() => Promise.all(replicas.map(({ service }) => service.close())));

jest.setTimeout(60_000);

describe('replicas of a service', () => {
  it('tell each who has which follower, and how far all of them are', async () => {
    const [first, second] = [await replica(), await replica()];
    for (const seenFrom of [first, second]) {
      await eventually('everything is owned', async () =>
        (await leased(seenFrom)).every(({ owner }) => owner !== undefined),
      );
    }
    expect(await ownerOf('relay:contacts', first)).toBe(await ownerOf('relay:contacts', second));
    await createAccount(first, 'Acme');
    for (const seenFrom of [first, second]) {
      await eventually('all have caught up, wherever they run', async () =>
        (await leased(seenFrom)).every(({ caughtUp, term }) => caughtUp && term! >= 1),
      );
    }
  });

  it('show what was written through any of them, and publish it once and in order, while owners come and go', async () => {
    const [first, second] = [await replica(), await replica()];
    const published: CloudEvent[] = [];
    const subscription = await bus.subscribe({
      group: 'test',
      topics: [topicOf('contacts')],
      handle: async ({ value }) => void published.push(JSON.parse(value) as CloudEvent),
    });
    const { id } = await createAccount(first, 'Acme');
    let written = 0;
    const write = async (through: Replica, seenFrom: Replica): Promise<void> => {
      const name = `Account ${(written += 1)}`;
      const call = callBy();
      await through.invoke(ACCOUNTS, 'updateAccount', { id, account: { name }, updateMask: ['name'] }, call);
      const { consistency } = call.answer;
      const read = seenFrom.invoke(ACCOUNTS, 'getAccount', { id }, callBy({ consistency }));
      await expect(read).resolves.toMatchObject({ name });
    };
    for (let n = 0; n < 10; n += 1) await write(first, second);
    await first.service.close();
    for (let n = 0; n < 10; n += 1) await write(second, second);
    const third = await replica();
    second.die();
    const relays = async (): Promise<boolean> => (await ownerOf('relay:contacts', third)) === third.name;
    await eventually('the relay has moved', async () => {
      await write(second, second).catch(() => undefined);
      return relays();
    });
    for (let n = 0; n < 10; n += 1) await write(second, third);
    await third.service.runtime.settled();
    await subscription.caughtUp();
    await subscription.close();
    const order = [...new Set(published.map(({ revision }) => revision))];
    expect(order).toEqual(Array.from({ length: written + 1 }, (_, revision) => revision));
    expect((await followers(third)).get('relay:contacts')!.term).toBeGreaterThan(1);
  });

  it('rebuild through whichever owns the projection', async () => {
    const [first, second] = [await replica(), await replica()];
    await createAccount(first, 'Acme');
    const rebuilt = { projection: 'accounts', events: 1, generation: expect.any(String) };
    expect(await second.invoke(OPERATIONS, 'rebuildProjection', { projection: 'accounts' })).toMatchObject(rebuilt);
  });

  it('react to an event once, and forget a person whichever was asked', async () => {
    const [first, second] = [await replica(), await replica()];
    const contact = contactsV1.Contact.fromPartial({ firstName: 'Ada', lastName: 'Lovelace', email: 'a@example.org' });
    const { id }: contactsV1.Contact = await first.invoke(CONTACTS, 'createContact', { contact });
    const call = callBy();
    await second.invoke(CONTACTS, 'eraseContact', { id }, call);
    const { consistency } = call.answer;
    for (const each of [first, second]) {
      const read: contactsV1.Contact = await each.invoke(CONTACTS, 'getContact', { id }, callBy({ consistency }));
      expect(read).toMatchObject({ firstName: undefined, erased: true });
    }
  });
});

describe('an import in replicas', () => {
  const csvOf = (rows: number): string =>
    ['name', ...Array.from({ length: rows }, (_, n) => `Company ${n}`), ''].join('\n');

  /** The replica that runs imports, and another. */
  const ownerAndOther = async (): Promise<[Replica, Replica]> => {
    const [one, two] = [await replica(), await replica()];
    await eventually('somebody runs imports', async () => (await ownerOf('import-runs', two)) !== undefined);
    return (await ownerOf('import-runs', two)) === one.name ? [one, two] : [two, one];
  };

  const upload = async ({ invoke }: Replica, rows: number): Promise<string> => {
    const message = { fileName: 'a.csv', settings: { columns: {}, values: [], required: [], scales: {} } };
    const { id }: importsV1.Import = await invoke(IMPORTS, 'createImport', { kind: 'accounts', import: message });
    const piece = { kind: 'accounts', id, offset: 0, data: Buffer.from(csvOf(rows)), last: true };
    await invoke(IMPORTS, 'uploadImportFile', piece);
    return id;
  };
  const get = ({ invoke }: Replica, id: string): Promise<importsV1.Import> =>
    invoke(IMPORTS, 'getImport', { kind: 'accounts', id });
  const imported = async (): Promise<Set<string>> => {
    const streams = new Set<string>();
    const enough = new AbortController();
    const prefixes = [`${prefixOf('account')}main-`];
    for await (const { events, caughtUp } of shared.events.follow({
      prefixes,
      after: '0'.repeat(20),
      signal: enough.signal,
    })) {
      for (const { stream, revision } of events) {
        expect(revision).toBe(0);
        streams.add(stream);
      }
      if (caughtUp) break;
    }
    enough.abort();
    return streams;
  };

  it('is begun through one and run by the other, which may die over it', async () => {
    const rows = 2_000;
    const [first, second] = await ownerAndOther();
    const id = await upload(second, rows);
    await second.invoke(IMPORTS, 'runImport', { kind: 'accounts', id });
    await eventually('it is on its way', async () => (await get(second, id)).counts!.processed > 0);
    first.die();
    await eventually('it is done', async () => (await get(second, id)).state === 'done');
    expect((await get(second, id)).counts).toMatchObject({ rows, processed: rows, created: rows, failed: 0 });
    expect((await imported()).size).toBe(rows);
  });

  it('is canceled through the other, and every row that is in is counted', async () => {
    const rows = 5_000;
    const [, second] = await ownerAndOther();
    const id = await upload(second, rows);
    await second.invoke(IMPORTS, 'runImport', { kind: 'accounts', id });
    await eventually('it is on its way', async () => (await get(second, id)).counts!.processed > 0);
    await second.invoke(IMPORTS, 'cancelImport', { kind: 'accounts', id });
    await eventually('the rows in hand are done', async () => {
      const { counts } = await get(second, id);
      return counts!.processed === (await imported()).size;
    });
    const { state, counts } = await get(second, id);
    expect(state).toBe('canceled');
    expect(counts!.processed).toBeLessThan(rows);
  });
});
