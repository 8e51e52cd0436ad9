import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventsOf, eventually, type Fields, grant, Import, type List, MailBox, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let box: MailBox;
let ada: Person;

interface Person {
  readonly id: string;
  api: Api;
  readonly secret: string;
}

type Page = List<Fields> & { readonly next?: string };
const all = (person: Person, query = ''): Promise<Page> => person.api.get(`/v1/notifications${query || '?limit=100'}`);
const about = async (person: Person, kind: string): Promise<Fields[]> =>
  (await all(person)).data.filter((each) => each['kind'] === kind);
const assigned = (person: Person): Promise<Fields[]> => about(person, 'assigned');
const unread = async (person: Person): Promise<unknown> =>
  (await person.api.get<Fields>('/v1/notifications/unread'))['unread'];
const give = (to: Person, name: string): Promise<Fields> => api.post('/v1/accounts', { name, ownerId: to.id });
const told = (person: Person, { id }: Fields): Promise<boolean> =>
  eventually(async () => (await assigned(person)).some(({ recordId }) => recordId === id));

/** Somebody who sees what is their own, or all. */
const person = async (name: string, scope = 'own'): Promise<Person> => {
  const grants = ['contact', 'account', 'opportunity'].flatMap((object) =>
    ['read', 'create', 'edit', 'import'].map((action) => grant(object, action, scope)),
  );
  const role = await api.post('/v1/roles', { name: `Role of ${name}`, grants });
  const email = `${name.toLowerCase()}@example.org`;
  const { id } = await api.post('/v1/users', { name, email, roleIds: [role.id] });
  const secret = String((await api.post('/v1/api-keys', { name: 'Key', userId: id }))['secret']);
  return { id, secret, api: new Api(api.address, secret) };
};

beforeAll(async () => {
  box = await MailBox.open();
  rapport = await Rapport.start({
    ...box.settings,
    RAPPORT_PUBLIC_URL: 'https://crm.example.org',
  });
  ({ api } = rapport);
  ada = await person('Ada', 'all');
});
afterAll(async () => {
  await rapport.stop();
  await box.close();
});

describe('somebody who is given a record', () => {
  it('is told once; who takes one is not', async () => {
    const first = await give(ada, 'Cancity');
    await told(ada, first);
    await ada.api.post('/v1/accounts', { name: 'Own', ownerId: ada.id });
    await api.patch(`/v1/accounts/${first.id}`, { name: 'Cancity Ltd' });
    const second = await api.post('/v1/contacts', { lastName: 'Lovelace', ownerId: ada.id });
    await told(ada, second);
    expect(await assigned(ada)).toMatchObject([
      { object: 'contact', recordId: second.id, what: 'ContactCreated', read: false },
      { object: 'account', recordId: first.id, what: 'AccountCreated', read: false },
    ]);
  });

  it('marks one as read, and all', async () => {
    const before = Number(await unread(ada));
    const [first] = await assigned(ada);
    const path = `/v1/notifications/${first!.id}:read`;
    for (let n = 0; n < 2; n += 1) expect(await ada.api.post(path)).toMatchObject({ id: first!.id, read: true });
    await eventually(async () => (await unread(ada)) === before - 1);
    expect((await all(ada, '?unread=true')).data).not.toContainEqual(expect.objectContaining({ id: first!.id }));
    expect(await ada.api.post('/v1/notifications:read')).toEqual({ unread: 0, more: false });
    await eventually(async () => (await unread(ada)) === 0);
    expect((await all(ada)).data.every(({ read }) => read === true)).toBe(true);
  });

  it('sees nothing of it any more once it is somebody else’s, and cannot tell that there was something', async () => {
    const [bo, eve] = [await person('Bo'), await person('Eve')];
    const account = await give(bo, 'Isdom');
    await told(bo, account);
    const [raised] = await assigned(bo);
    await api.patch(`/v1/accounts/${account.id}`, { ownerId: eve.id });
    await told(eve, account);
    await eventually(async () => (await all(bo)).data.length === 0);
    expect(await all(bo)).toEqual({ data: [] });
    expect(await unread(bo)).toBe(0);
    for (const id of [raised!.id, account.id])
      await expect(eve.api.post(`/v1/notifications/${id}:read`)).rejects.toMatchObject({ problem: { status: 404 } });
  });

  it('has pages, and refuses a cursor that is none', async () => {
    const first = await all(ada, '?limit=1');
    const second = await all(ada, `?limit=1&cursor=${first.next}`);
    expect(second.data[0]!.id).not.toBe(first.data[0]!.id);
    for (const query of ['?cursor=x', '?limit=1000', '?limit=0'])
      await expect(all(ada, query)).rejects.toMatchObject({ problem: { status: 400 } });
  });
});

describe('a notification', () => {
  it('comes live, and only to whose it is', async () => {
    const carl = await person('Carl');
    const ending = new AbortController();
    const [ofAda, ofCarl] = [ada, carl].map((each) =>
      eventsOf(each.api, { path: '/v1/notifications/stream', after: 'now', signal: ending.signal }),
    );
    const next = [ofCarl!.next(), ofAda!.next()];
    let came = 0;
    for (const each of next) void each.then(() => (came += 1));
    // A stream that was opened later would begin later.
    await eventually(async () => {
      const [one, other] = [await give(carl, 'Hatfan'), await give(ada, 'Codehow')];
      await told(carl, one);
      await told(ada, other);
      return came === 2;
    });
    const [toCarl, toAda] = await Promise.all(next);
    const mine = new Set((await assigned(carl)).map(({ id }) => id));
    const notificationIn = ({ value }: { value: { data: object } }) =>
      (value.data as { notification: Fields }).notification;
    expect(mine).toContain(notificationIn(toCarl as never).id);
    expect(mine).not.toContain(notificationIn(toAda as never).id);
    expect(toCarl!.value).toMatchObject({ type: 'rapport.identity.v1.NotificationRaised' });
    ending.abort();
  });

  it('goes by mail where that is wanted, and is not there at all where it is not', async () => {
    const dora = await person('Dora');
    const letters = () =>
      box.letters.filter(({ to, text }) => to.includes('dora@example.org') && text.includes('given'));
    await dora.api.patch('/v1/preferences', { mailed: ['assigned'] });
    await told(dora, await give(dora, 'Secret name'));
    await eventually(() => letters().length === 1);
    expect(letters()[0]!.text).not.toContain('Secret');
    await dora.api.patch('/v1/preferences', { mailed: [], muted: ['assigned'] });
    const quiet = await give(dora, 'Quiet');
    // What is asked in this order is not told in it.
    await eventually(async () => {
      const { data } = await api.get<List<Fields>>(`/v1/accounts/${quiet.id}/history`);
      return data.length > 0;
    });
    await told(ada, await give(ada, 'After the quiet one'));
    await dora.api.patch('/v1/preferences', { muted: [] });
    await told(dora, await give(dora, 'Loud'));
    expect(letters()).toHaveLength(1);
  });

  it('tells whose import it is that it has run, and nobody of what it brought in', async () => {
    const ida = await person('Ida');
    const file = `name,sector,ownerId\nBrought in,retail,${ida.id}\n`;
    const { id } = await Import.run(ada.api, 'accounts', file);
    await eventually(async () => (await about(ada, 'job-done')).length > 0);
    expect(await about(ada, 'job-done')).toMatchObject([{ object: 'import', recordId: id, what: 'ImportFinished' }]);
    await told(ida, await give(ida, 'Given'));
    expect(await all(ida)).toMatchObject({ data: [{ kind: 'assigned' }] });
  });

  it('is there once after a restart', async () => {
    const ids = async () => (await assigned(ada)).map(({ id }) => id);
    const before = await ids();
    await rapport.restart();
    ({ api } = rapport);
    ada.api = new Api(api.address, ada.secret);
    const next = await give(ada, 'After');
    await told(ada, next);
    const after = await ids();
    expect(new Set(after).size).toBe(after.length);
    expect(after.slice(-before.length)).toEqual(before);
  });
});

it('whoever comes without a user has none', async () => {
  expect(await api.get('/v1/notifications')).toEqual({ data: [] });
  expect(await api.get('/v1/notifications/unread')).toEqual({ unread: 0, more: false });
});
