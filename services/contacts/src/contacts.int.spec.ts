import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, eventsV1, typesV1 } from '@rapport/contracts';
import { fixedClock, newId } from '@rapport/kernel';
import { startInProcess, type RunningService } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { contactsModule } from './contacts.module.js';

const CONTACTS = contactsV1.ContactsServiceDefinition.fullName;
let service: RunningService;
const clock = fixedClock('2026-01-01T09:00:00.000Z');

beforeEach(async () => {
  clock.set('2026-01-01T09:00:00.000Z');
  service = await startInProcess(contactsModule(await inMemoryEngines({ clock })));
});
afterEach(() => service.close());

const create = async (contact: object, call = callBy()): Promise<contactsV1.Contact> => {
  const request = contactsV1.CreateContactRequest.fromPartial({ contact });
  return (await service.backend.invoke(CONTACTS, 'createContact', request, call)) as contactsV1.Contact;
};

const invoke = (method: string, request: object, call = callBy()): Promise<never> =>
  service.backend.invoke(CONTACTS, method, request, call) as Promise<never>;

const ACCOUNTS = contactsV1.AccountsServiceDefinition.fullName;
const createAccount = async (account: contactsV1.Account): Promise<string> => {
  const created = await service.backend.invoke(ACCOUNTS, 'createAccount', { account }, callBy());
  return (created as contactsV1.Account).id;
};

const ada = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org', tags: ['vip'] };

describe('the contacts service', () => {
  it('lets a client read its own write', async () => {
    const call = callBy();
    const created = await create(ada, call);
    expect(call.answer).toMatchObject({ revision: 0, consistency: expect.stringMatching(/^contacts:\d{20}$/) });
    const read: contactsV1.Contact = await invoke(
      'getContact',
      { id: created.id },
      callBy({ consistency: call.answer.consistency }),
    );
    expect(read).toEqual(created);
    expect(read).toMatchObject({ ...ada, info: { revision: 0, archived: false } });
  });

  it('gives the same answer to the same idempotency key, and refuses another content under it', async () => {
    const first = await create(ada, callBy({ idempotencyKey: 'k1' }));
    expect(await create(ada, callBy({ idempotencyKey: 'k1' }))).toEqual(first);
    await expect(create({ ...ada, firstName: 'Eda' }, callBy({ idempotencyKey: 'k1' }))).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    const both = await Promise.all([1, 2].map(() => create(ada, callBy({ idempotencyKey: 'k2' }))));
    expect(both[0]).toEqual(both[1]);
  });

  it('finds people by the day they were born', async () => {
    const call = callBy();
    await create({ ...ada, birthDate: '1815-12-10' });
    await create({ firstName: 'Byron', birthDate: '1836-05-12' }, call);
    const asked = { filter: 'birthDate < 1820-01-01' };
    const found: contactsV1.ListContactsResponse = await invoke(
      'listContacts',
      asked,
      callBy({ consistency: call.answer.consistency }),
    );
    expect(found.data.map(({ firstName, birthDate }) => [firstName, birthDate])).toEqual([['Ada', '1815-12-10']]);
  });

  it('finds a person by an e-mail address, however it is written', async () => {
    const call = callBy();
    const written = 'mailto:Ada@B\u00fccher.example';
    const { id } = await create({ ...ada, email: written }, call);
    await create({ ...ada, email: 'eda@example.org' }, call);
    const found = async (filter: string): Promise<readonly (string | undefined)[]> => {
      const { consistency } = call.answer;
      const list: contactsV1.ListContactsResponse = await invoke('listContacts', { filter }, callBy({ consistency }));
      return list.data.map(({ email }) => email);
    };
    expect(await found('email = "ADA@xn--bcher-kva.EXAMPLE"')).toEqual([written]);
    expect(await found(`email = " ada@bu\u0308cher.example" id = ${id}`)).toEqual([written]);
    expect(await found('email != "ada@b\u00fccher.example"')).toEqual(['eda@example.org']);
  });

  it('refuses a change on a stale revision and names the present one', async () => {
    const { id } = await create(ada);
    await invoke('updateContact', { id, contact: { title: 'Countess' }, updateMask: ['title'] });
    await expect(
      invoke('updateContact', { id, contact: { title: 'x' }, updateMask: ['title'] }, callBy({ expectedRevision: 0 })),
    ).rejects.toMatchObject({ kind: 'stale', details: { currentRevision: 1 } });
  });

  it('tells the history, undoes, and shows the record as of then', async () => {
    const { id } = await create(ada);
    clock.set('2026-01-02T09:00:00.000Z');
    const edited: contactsV1.Contact = await invoke('updateContact', {
      id,
      contact: { email: undefined },
      updateMask: ['email'],
    });
    expect(edited.email).toBeUndefined();
    const history: typesV1.ListHistoryResponse = await invoke('listContactHistory', { id });
    expect(history.data[0]).toMatchObject({
      type: 'ContactEdited',
      changes: [{ field: 'email', from: 'ada@example.org', to: null }],
    });
    for (const cursor of ['-1', '0', '1e0', '5x', String(history.data.length)])
      await expect(invoke('listContactHistory', { id, cursor })).rejects.toMatchObject({ code: 'bad-cursor' });
    const undone: contactsV1.Contact = await invoke('undoContactChange', { id, eventId: history.data[0]!.eventId });
    expect(undone).toMatchObject({ email: 'ada@example.org', info: { revision: 2 } });
    const then: contactsV1.Contact = await invoke('getContact', { id, asOf: '2026-01-01' });
    expect(then).toMatchObject({ email: 'ada@example.org', info: { revision: 0 } });
    await expect(invoke('getContact', { id, asOf: '1852-11-27' })).rejects.toMatchObject({ code: 'not-yet-there' });
  });

  it('lists by filter and hides archived ones and other tenants', async () => {
    const call = callBy();
    await create(ada);
    const { id } = await create({ firstName: 'Grace', tags: ['navy'] });
    const archived = await create({ firstName: 'Old' });
    await invoke('archiveContact', { id: archived.id }, call);
    const list = async (
      request: object,
      from = callBy({ consistency: call.answer.consistency }),
    ): Promise<string[]> => {
      const page: contactsV1.ListContactsResponse = await invoke('listContacts', request, from);
      return page.data.map((contact) => contact.firstName!);
    };
    expect(await list({})).toEqual(['Ada', 'Grace']);
    expect(await list({ filter: 'tags:"navy"' })).toEqual(['Grace']);
    expect(await list({ filter: `id = "${id}"` })).toEqual(['Grace']);
    expect(await list({ archived: true })).toHaveLength(3);
    const stranger = { tenant: 'other', actor: { kind: 'user', id: 'x' }, roles: [] } as const;
    expect(await list({}, callBy({ principal: stranger }))).toEqual([]);
    await expect(invoke('getContact', { id }, callBy({ principal: stranger }))).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it('gives every row of a batch its own outcome', async () => {
    const { data }: contactsV1.BatchContactsResponse = await invoke('batchContacts', {
      rows: [
        { clientRef: 'a', create: contactsV1.Contact.fromPartial(ada) },
        { clientRef: 'b', create: contactsV1.Contact.fromPartial({ title: 'nobody' }) },
        { clientRef: 'c' },
      ],
    });
    expect(data.map(({ clientRef, status, problem }) => [clientRef, status, problem?.code])).toEqual([
      ['a', 201, undefined],
      ['b', 400, 'nameless'],
      ['c', 400, 'bad-row'],
    ]);
  });

  it('refers to accounts that are there, of which none stands under itself', async () => {
    const named = (name: string, parentId?: string) => contactsV1.Account.fromPartial({ name, parentId });
    const holding = await createAccount(named('Holding'));
    const works = await createAccount(named('Works', holding));
    const put = (id: string, parentId: string): Promise<unknown> => {
      const request = { id, account: { parentId }, updateMask: ['parentId'] };
      return service.backend.invoke(ACCOUNTS, 'updateAccount', request, callBy());
    };
    await expect(put(holding, works)).rejects.toMatchObject({ kind: 'invalid', code: 'under-itself' });
    await expect(put(works, newId())).rejects.toMatchObject({ code: 'account-not-found' });
    await expect(create({ ...ada, accountId: newId() })).rejects.toMatchObject({
      details: { fields: [{ pointer: '/accountId', code: 'account-not-found' }] },
    });
  });

  it('opens the circle that two changes at once made of accounts', async () => {
    const [one, two] = await Promise.all(
      ['One', 'Two'].map((name) => createAccount(contactsV1.Account.fromPartial({ name }))),
    );
    const put = (id: string, parentId: string): Promise<unknown> =>
      service.backend.invoke(
        ACCOUNTS,
        'updateAccount',
        { id, account: { parentId }, updateMask: ['parentId'] },
        callBy(),
      );
    await Promise.all([put(one!, two!), put(two!, one!)]);
    const history = async (): Promise<readonly typesV1.HistoryEntry[]> => {
      const both = [one!, two!].map((id) => service.backend.invoke(ACCOUNTS, 'listAccountHistory', { id }, callBy()));
      return (await Promise.all(both)).flatMap((page) => (page as typesV1.ListHistoryResponse).data);
    };
    while ((await history()).length < 5) await new Promise(setImmediate);
    expect((await history()).filter(({ actor }) => actor?.kind === 'system')).toMatchObject([
      { type: 'AccountEdited', changes: [{ field: 'parentId', to: null }] },
    ]);
  });

  it('forgets a person', async () => {
    const accountId = await createAccount(contactsV1.Account.fromPartial({ name: 'Engines' }));
    const { id } = await create({ ...ada, accountId });
    const receipt: contactsV1.ErasureReceipt = await invoke('eraseContact', { id });
    expect(receipt).toMatchObject({ contactId: id, events: 1 });
    expect(await invoke('eraseContact', { id })).toEqual(receipt);
    const left: contactsV1.Contact = await invoke('getContact', { id });
    expect(left).toMatchObject({ erased: true, accountId });
    expect(JSON.stringify([left, await invoke('listContactHistory', { id })])).not.toMatch(/Ada|Lovelace|ada@/);
  });

  it('says that the person was erased also to whoever repeats the creation', async () => {
    const call = () => callBy({ idempotencyKey: 'once' });
    const { id } = await create(ada, call());
    await invoke('eraseContact', { id });
    const again = await create(ada, call());
    expect(again).toMatchObject({ id, erased: true, tags: ['vip'], firstName: undefined, info: { revision: 0 } });
  });

  it('streams its events', async () => {
    await create(ada);
    const pull = async (request: object): Promise<eventsV1.PullEventsResponse> =>
      (await service.backend.invoke(
        'rapport.events.v1.ContextEventsService',
        'pullEvents',
        eventsV1.PullEventsRequest.fromPartial(request),
        callBy(),
      )) as eventsV1.PullEventsResponse;
    const page = await pull({ filter: 'event = "ContactCreated"' });
    expect(page).toMatchObject({
      caughtUp: true,
      events: [{ type: 'rapport.contacts.v1.ContactCreated', data: { contact: ada } }],
    });
    const waiting = pull({ after: page.position, waitMilliseconds: 10_000 });
    await create({ firstName: 'Grace' });
    expect((await waiting).events).toMatchObject([{ data: { contact: { firstName: 'Grace' } } }]);
  });
});
