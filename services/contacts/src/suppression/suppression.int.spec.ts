import { afterEach, expect, it } from '@jest/globals';
import { contactsV1 } from '@rapport/contracts';
import { type EventStore, InMemoryEventStore } from '@rapport/event-store';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { contactsModule } from '../contacts.module.js';

const CONTACTS = 'rapport.contacts.v1.ContactsService';
const CONSENTS = 'rapport.contacts.v1.ConsentsService';
const EMAIL = 'ada@example.org';

let service: RunningService | undefined;
afterEach(() => service?.close());

/** Contacts on these facts and this keyring; whatever ran before is over. */
const start = async (events: EventStore, keyring: InMemoryKeyStore): Promise<void> => {
  await service?.close();
  service = undefined;
  service = await startInProcess(contactsModule(await inMemoryEngines({ events, keys: new CachedKeyStore(keyring) })));
};

const ask = (contract: string, method: string, request: object): Promise<{ readonly id: string }> =>
  service!.backend.invoke(contract, method, request, callBy()) as Promise<{ id: string }>;
const create = (email: string) =>
  ask(CONTACTS, 'createContact', { contact: contactsV1.Contact.fromPartial({ lastName: 'Lovelace', email }) });
const erase = async ({ id }: { readonly id: string }): Promise<void> => {
  await ask(CONTACTS, 'eraseContact', { id });
  await expect(create(EMAIL)).rejects.toMatchObject({ code: 'suppressed' });
};
const hashSomething = () =>
  ask(CONSENTS, 'createConsent', {
    consent: contactsV1.Consent.fromPartial({ address: EMAIL, channel: 'email', state: 'objected', source: 'call' }),
  });

const copyOf = async (keyring: InMemoryKeyStore, but = ''): Promise<InMemoryKeyStore> => {
  const copy = new InMemoryKeyStore();
  for await (const entries of keyring.entries())
    for (const { subject, key } of entries) if (key && subject.id !== but) await copy.create(subject, key);
  return copy;
};

it('facts that are older than the erasure do not let a suppressed address in', async () => {
  const keyring = new InMemoryKeyStore();
  await start(new InMemoryEventStore(), keyring);
  await erase(await create(EMAIL));
  await start(new InMemoryEventStore(), keyring);
  await expect(create('ADA@example.org')).rejects.toMatchObject({ code: 'suppressed' });
  await create('bob@example.org');
});

it('nor does a keyring that is older than the erasure', async () => {
  const [events, keyring] = [new InMemoryEventStore(), new InMemoryKeyStore()];
  await start(events, keyring);
  const ada = await create(EMAIL);
  const older = await copyOf(keyring);
  await erase(ada);
  await start(events, older);
  await expect(create(EMAIL)).rejects.toMatchObject({ code: 'suppressed' });
});

it('a keyring without the secret of the hashes is refused', async () => {
  const [events, keyring] = [new InMemoryEventStore(), new InMemoryKeyStore()];
  await start(events, keyring);
  const ada = await create(EMAIL);
  const older = await copyOf(keyring, 'contacts/addresses');
  await erase(ada);
  await expect(start(events, older)).rejects.toMatchObject({ code: 'keys-lost' });
});

it('the hash of an address is not that of another installation', async () => {
  const keys: unknown[] = [];
  for (const keyring of [new InMemoryKeyStore(), new InMemoryKeyStore()]) {
    await start(new InMemoryEventStore(), keyring);
    keys.push(((await hashSomething()) as contactsV1.Consent).addressKey);
  }
  expect(keys[0]).not.toBe(keys[1]);
});
