import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { contactsV1, importsV1 } from '@rapport/contracts';
import { InMemoryBookkeeping, InMemoryEventStore, streamName } from '@rapport/event-store';
import { InMemoryFileStore, SealedFileStore } from '@rapport/files';
import type { RecordedEvent } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { MortalKeyStore, Mortality } from '@rapport/privacy/fakes';
import { InMemoryReadModelStore } from '@rapport/read-models';
import { startInProcess, type RunningService } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { contactsModule } from './contacts.module.js';
import { contacts } from './records/contacts.js';

jest.setTimeout(60_000);

const { fullName: CONTACTS } = contactsV1.ContactsServiceDefinition;
const { fullName: IMPORTS } = importsV1.ImportsServiceDefinition;
const ADA = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org' };

/** What outlives a process. */
const newDisk = () => ({
  events: new InMemoryEventStore(),
  books: new InMemoryBookkeeping(),
  keyring: new InMemoryKeyStore(),
  files: new InMemoryFileStore(),
  readModels: new InMemoryReadModelStore(),
});
type Disk = ReturnType<typeof newDisk>;

/** A store whose process may die over some of its calls. */
const mortal = <Store extends object>(store: Store, life: Mortality, writes: readonly (keyof Store)[]): Store =>
  new Proxy(store, {
    get: (target, name) => {
      const found = (target as Record<string | symbol, unknown>)[name];
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown => {
        const call = (): unknown => found.apply(target, given) as unknown;
        if (writes.includes(name as keyof Store)) return life.write(async () => call());
        life.check();
        return call();
      };
    },
  });

interface Process {
  readonly service: RunningService;
  invoke<Answer>(method: string, request: object, contract?: string): Promise<Answer>;
}

const running: RunningService[] = [];
afterEach(() => Promise.all(running.splice(0).map((service) => service.close())));

const start = async (disk: Disk, life = new Mortality(), lifetime?: number): Promise<Process> => {
  const expiry = lifetime === undefined ? {} : { expireAfterMilliseconds: lifetime };
  const keys = new CachedKeyStore(new MortalKeyStore(disk.keyring, life), expiry);
  const engines = await inMemoryEngines({
    events: mortal(disk.events, life, ['append']),
    books: mortal(disk.books, life, ['saveCheckpoint', 'change']),
    keys,
    files: new SealedFileStore(mortal(disk.files, life, ['append', 'remove']), keys),
    readModels: mortal(disk.readModels, life, ['purge']),
  });
  const service = await startInProcess(contactsModule(engines));
  running.push(service);
  const invoke = (method: string, request: object, contract = CONTACTS): Promise<never> =>
    service.backend.invoke(contract, method, request, callBy()) as Promise<never>;
  return { service, invoke };
};

const create = ({ invoke }: Process): Promise<contactsV1.Contact> =>
  invoke('createContact', contactsV1.CreateContactRequest.fromPartial({ contact: ADA }));

/** Tries a file that names her, and changes nothing. */
const tryFile = async ({ service, invoke }: Process): Promise<string> => {
  await service.runtime.caughtUp();
  const message = { fileName: 'ada.csv', settings: { columns: {}, values: [], required: [], scales: {} } };
  const { id } = await invoke<importsV1.Import>('createImport', { kind: 'contacts', import: message }, IMPORTS);
  const data = Buffer.from(`first name,email\nAda,${ADA.email}\n`);
  await invoke('uploadImportFile', { kind: 'contacts', id, offset: 0, data, last: true }, IMPORTS);
  await invoke('validateImport', { kind: 'contacts', id }, IMPORTS);
  await eventually(async () => {
    const { state } = await invoke<importsV1.Import>('getImport', { kind: 'contacts', id }, IMPORTS);
    return state === 'validated';
  });
  return id;
};

const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const giveUpAt = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error('Waited in vain.');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

const typesIn = async ({ events }: Disk, aggregate: string, id: string): Promise<string[]> => {
  const found: RecordedEvent[] = [];
  for await (const event of events.read(streamName(aggregate, 'main', id))) found.push(event);
  return found.map(({ type }) => type);
};

const receiptOf = (process: Process, id: string): Promise<contactsV1.ErasureReceipt> =>
  process.invoke('getContactErasure', { id });

/** Everything that has to hold in the end, whatever happened on the way. */
const expectForgotten = async (disk: Disk, process: Process, id: string, file: string): Promise<void> => {
  await eventually(async () => (await receiptOf(process, id)).state === 'done');
  const receipt = await receiptOf(process, id);
  expect(receipt).toMatchObject({ contactId: id, events: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await process.invoke('eraseContact', { id })).toEqual(receipt);
  expect(await typesIn(disk, 'contact', id)).toEqual(['ContactCreated', 'ContactErased']);
  const steps = ['PersonForgotten', 'ErasureReceiptWritten', 'ErasureReceiptSigned'];
  expect(await typesIn(disk, 'erasure', receipt.receiptId)).toEqual(steps);
  expect(receipt.parts).toMatchObject([{ context: 'contacts', state: 'done', keys: 1, facts: 1, files: 1, taken: 0 }]);
  const forgotten = (await typesIn(disk, 'import', file)).filter((type) => type === 'ImportFileForgotten');
  expect(forgotten).toHaveLength(1);
  for (const subject of [id, file]) expect(await disk.keyring.find({ tenant: 'main', id: subject })).toBe('destroyed');
  expect(await disk.files.size({ tenant: 'main', id: file })).toBe(0);
  const shown = await process.invoke<contactsV1.Contact>('getContact', { id });
  expect(shown).toMatchObject({ erased: true, firstName: undefined, email: undefined });
};

describe('an erasure', () => {
  it.each([true, false])(
    'is carried out to its end wherever the process was killed (last write done: %s)',
    async (done) => {
      for (let writes = 1, finished = false; !finished; writes += 1) {
        const disk = newDisk();
        const before = await start(disk);
        const { id } = await create(before);
        const file = await tryFile(before);
        await before.service.close();
        const life = new Mortality(Infinity, done);
        const dying = await start(disk, life);
        life.dieAfter(writes);
        const asked = dying.invoke('eraseContact', { id }).catch(() => undefined);
        const answered = asked.then(() => !life.dead);
        await eventually(async () => life.dead || (await Promise.race([answered, Promise.resolve(false)])));
        finished = !life.dead;
        await dying.service.close();
        const after = await start(disk);
        // Where the fact was not stored, nothing has happened, and the client asks again.
        if (!(await typesIn(disk, 'contact', id)).includes('ContactErased')) await after.invoke('eraseContact', { id });
        await expectForgotten(disk, after, id, file);
        await after.service.close();
      }
    },
  );

  it('tells others to forget only when no process can hold a key any more', async () => {
    const lifetime = 150;
    const disk = newDisk();
    let destroyed = Infinity;
    let told = 0;
    const destroy = disk.keyring.destroy.bind(disk.keyring);
    disk.keyring.destroy = async (...given) => {
      const outcome = await destroy(...given);
      destroyed = Math.min(destroyed, performance.now());
      return outcome;
    };
    const append = disk.events.append.bind(disk.events);
    disk.events.append = (stream, ...given) => {
      if (stream.startsWith('erasure-')) told ||= performance.now();
      return append(stream, ...given);
    };
    const process = await start(disk, new Mortality(), lifetime);
    const { id } = await create(process);
    expect(await process.invoke('eraseContact', { id })).toMatchObject({ state: 'done' });
    expect(told - destroyed).toBeGreaterThanOrEqual(lifetime - 1);
  });

  it('is confirmed only when no read model is being built any more', async () => {
    const disk = newDisk();
    const process = await start(disk);
    const { id } = await create(process);
    const list = process.service.runtime.projection(contacts.projection);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const live = list.generation;
    const write = disk.readModels.write.bind(disk.readModels);
    disk.readModels.write = async (batch) => {
      const isBuilding = batch.writes.some(({ collection: { declaration, generation } }) => {
        return declaration.name === 'contacts' && generation !== live;
      });
      if (isBuilding) await released;
      return write(batch);
    };
    const rebuilding = list.rebuild();
    const erasing = process.invoke('eraseContact', { id });
    await eventually(async () => {
      const { receiptId } = await receiptOf(process, id).catch(() => ({ receiptId: 'none' }));
      return (await typesIn(disk, 'erasure', receiptId)).length === 1;
    });
    const call = callBy();
    const looked = process.service.backend.invoke(CONTACTS, 'getContactErasure', { id }, call);
    expect(await looked).toMatchObject({ contactId: id, state: 'running', digest: '' });
    expect(call.answer.pending).toBe(true);
    release();
    await rebuilding;
    expect(await erasing).toMatchObject({ state: 'done', events: 1 });
  });

  it('is looked for only where there was one', async () => {
    const process = await start(newDisk());
    const { id } = await create(process);
    await expect(receiptOf(process, id)).rejects.toMatchObject({ code: 'not-erased' });
    const nobody = '00000000-0000-7000-8000-00000000dead';
    await expect(receiptOf(process, nobody)).rejects.toMatchObject({ code: 'contact-not-found' });
  });
});
