import { afterEach, expect, it } from '@jest/globals';
import { contactsModule } from '@rapport/contacts';
import { contactsV1 } from '@rapport/contracts';
import { salesModule } from '@rapport/sales';
import { type Engines, type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { eventually } from './support/index.js';

const { fullName: CONTACTS } = contactsV1.ContactsServiceDefinition;

const running: RunningService[] = [];
afterEach(() => Promise.all(running.splice(0).map((service) => service.close())));

const started = async (module: (engines: Engines) => Parameters<typeof startInProcess>[0], engines: Engines) => {
  const service = await startInProcess(module(engines));
  running.push(service);
  return service;
};

it('a context that is away is waited for, and never said to have done anything', async () => {
  const engines = await inMemoryEngines({ installed: ['contacts', 'sales'] });
  const { exchange, commands, installed, keys } = engines;
  const { backend } = await started(contactsModule, engines);
  const invoke = <Answer>(method: string, request: object): Promise<Answer> =>
    backend.invoke(CONTACTS, method, request, callBy()) as Promise<Answer>;
  const contact = contactsV1.CreateContactRequest.fromPartial({ contact: { lastName: 'Byron' } });
  const { id } = await invoke<contactsV1.Contact>('createContact', contact);
  const asked = invoke<contactsV1.ErasureReceipt>('eraseContact', { id });
  const look = () => invoke<contactsV1.ErasureReceipt>('getContactErasure', { id });
  const begun = () => look().catch(() => undefined);
  const waiting = (await eventually(begun, (told) => told?.parts.some(({ state }) => state === 'done') ?? false))!;
  expect(waiting).toMatchObject({ state: 'running', signed: undefined });
  const sales = { context: 'sales', state: 'waiting' };
  expect(waiting.parts).toEqual([
    expect.objectContaining({ context: 'contacts', state: 'done' }),
    expect.objectContaining(sales),
  ]);
  expect(waiting.parts[1]).not.toHaveProperty('doneAt');
  await started(salesModule, await inMemoryEngines({ exchange, commands, installed: installed!, keys }));
  const told = await asked;
  expect(told).toMatchObject({
    state: 'done',
    parts: [{ context: 'contacts' }, { context: 'sales', state: 'done', keys: 1 }],
  });
  expect(await look()).toEqual(told);
});
