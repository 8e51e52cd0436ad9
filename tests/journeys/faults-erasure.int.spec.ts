import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { problemOf, type Api, type Fields, type List } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { everyEvent, everyRecord } from './support/contents.js';
import { Import } from './support/imports.js';
import { remainsOf } from './support/remains.js';

jest.setTimeout(120_000);

/** Words that nothing else in the world is made of, so that a find is a find. */
const person = (sign: string) => ({
  firstName: `Quirinella${sign}`,
  lastName: `Zwtterqvist${sign}`,
  title: `Oberbefehlshaberin${sign}`,
  email: `Qzella.${sign}@zwtterqvist${sign}.example`,
  phone: `+49 4711 0815${sign}77`,
  otherEmails: [`second.${sign}.qzella@elsewhere.example`],
  otherPhones: [`+43 664 9988${sign}11`],
  address: {
    street: `Xylografengasse ${sign}9`,
    city: `Vrzlhausen${sign}`,
    region: `Krmland${sign}`,
    postalCode: `ZIP${sign}QX`,
    country: `Utopstan${sign}`,
  },
  description: `Collects blunderbusses${sign}, plays the hurdygurdy${sign}.`,
});
type Person = ReturnType<typeof person>;

const valuesOf = ({ address, otherEmails, otherPhones, ...rest }: Person): string[] => [
  ...Object.values(rest),
  ...Object.values(address),
  ...otherEmails,
  ...otherPhones,
];
const edited = (sign: string) => ({
  lastName: `Brmblfeldt${sign}`,
  phone: `+41 79 5544${sign}33`,
  description: `Moved to Qwrtzheim${sign}`,
});

const [API, IMPORTED, MET, OTHER] = [person('aa1'), person('bb2'), person('cc3'), person('dd4')];
const NEVER_IN = person('ee5');
const ours = [
  ...[API, IMPORTED, MET].flatMap(valuesOf),
  ...['aa1', 'bb2', 'cc3'].flatMap((sign) => Object.values(edited(sign))),
];

const folder = temporaryFolder();
const printed: string[] = [];
let server: ServerProcess;
let api: Api;

const start = async (): Promise<void> => {
  server = await ServerProcess.start({ data: folder.path, env: { RAPPORT_LOG_LEVEL: 'debug' } });
  api = server.api;
};

const created = async (contact: object, headers = {}): Promise<string> =>
  (await api.post('/v1/contacts', contact, headers)).id;

const csvRow = ({ firstName, lastName, title, email, phone, address, description }: Person, more: string): string =>
  [
    firstName,
    lastName,
    title,
    email,
    phone,
    address.street,
    address.city,
    address.region,
    address.postalCode,
    address.country,
    description,
    more,
  ]
    .map((cell) => `"${cell}"`)
    .join();
const HEADER = 'First Name,Last Name,Job Title,Email,Phone,Street,City,State,Zip,Country,Notes,Company';

const ids: Record<'api' | 'imported' | 'met' | 'other', string> = { api: '', imported: '', met: '', other: '' };
let broughtIn: Import;
let metAgain: Import;
let failing: Import;
let filler: string[];

/** Lists, filters, history, as of, feed: whoever reads may leave traces. */
const readAll = async (): Promise<void> => {
  for (const { firstName, lastName, email, address } of [API, IMPORTED, MET]) {
    for (const filter of [
      `firstName = "${firstName}"`,
      `email = "${email}"`,
      `lastName:"${lastName}"`,
      `address.city = "${address.city}"`,
    ]) {
      await api.get(
        `/v1/contacts?${new URLSearchParams({ filter, sort: '-email,lastName', limit: '1', total: 'true' }).toString()}`,
      );
    }
  }
  for await (const _ of api.walk('/v1/contacts', { sort: 'email', limit: '20' })) continue;
  for (const id of Object.values(ids)) await api.get(`/v1/contacts/${id}/history`);
  await everyEvent(api);
};

/** Requests that are refused, with the person's values in them. */
const failWith = async ({ email, firstName, lastName, phone }: Person): Promise<void> => {
  await problemOf(api.post('/v1/contacts', { email: `${email} ${lastName}`, firstName, [`${lastName}`]: phone }));
  await problemOf(api.get(`/v1/contacts?filter=${encodeURIComponent(`nobody = "${email}"`)}`));
  await problemOf(api.post('/v1/contacts', { firstName, lastName, accountId: phone }));
  await problemOf(api.get(`/v1/contacts/${encodeURIComponent(email)}`));
};

const editAll = async (): Promise<void> => {
  for (const [id, sign] of [
    [ids.api, 'aa1'],
    [ids.imported, 'bb2'],
    [ids.met, 'cc3'],
  ] as const) {
    await api.patch(`/v1/contacts/${id}`, edited(sign), { 'idempotency-key': `edit-${sign}` });
    await api.patch(`/v1/contacts/${id}`, { title: null, tags: ['vip'] });
  }
};

beforeAll(async () => {
  await start();
  const many = Array.from(
    { length: 1_500 },
    (_, n) => `Filler${n % 37},Somebody${(n * 7919) % 1_500},filler${n}@filler.example`,
  );
  await Import.run(api, 'contacts', ['First Name,Last Name,Email', ...many.slice(0, 700)].join('\n'));
  ids.api = await created(API, { 'idempotency-key': `create-${API.email}` });
  ids.other = await created(OTHER);
  ids.met = await created(MET);
  broughtIn = await Import.run(api, 'contacts', [HEADER, csvRow(IMPORTED, ''), csvRow(OTHER, '')].join('\n'));
  const { email: again } = MET;
  metAgain = await Import.run(api, 'contacts', ['Email', again].join('\n'));
  const unknown = 'No Such Company';
  failing = await Import.of(
    api,
    'contacts',
    [
      HEADER,
      csvRow(IMPORTED, unknown),
      csvRow(API, unknown),
      csvRow({ ...NEVER_IN, email: `${NEVER_IN.lastName} at home` }, ''),
    ].join('\n'),
  );
  await failing.validate();
  await failing.run();
  const found = await api.get<List<Fields>>(
    `/v1/contacts?${new URLSearchParams({ filter: `email = "${IMPORTED.email}"` }).toString()}`,
  );
  ids.imported = found.data[0]!.id;
  await editAll();
  await Import.run(api, 'contacts', ['First Name,Last Name,Email', ...many.slice(700)].join('\n'));
  await readAll();
  for (const each of [API, IMPORTED, MET]) await failWith(each);
  filler = [...(await everyRecord(api, '/v1/contacts')).values()]
    .map(({ firstName }) => String(firstName))
    .filter((name) => name.startsWith('Filler'));
}, 120_000);

afterAll(async () => {
  await server.kill();
  folder.remove();
});

const erase = (id: string): Promise<Fields> => api.post(`/v1/contacts/${id}:erase`);

describe('a person who is forgotten', () => {
  it('is there before, so that the search can find something', () => {
    const found = remainsOf(folder.path, valuesOf(OTHER).concat(ours));
    for (const { email } of [API, IMPORTED, MET, OTHER])
      expect(found.filter((remain) => remain.includes(email))).not.toEqual([]);
  });

  it('is erased only by those who may, and only when there is such a person', async () => {
    const sales = await api.clientFor(['sales']);
    expect(await problemOf(sales.post(`/v1/contacts/${ids.api}:erase`))).toMatchObject({ status: 403 });
    expect(await problemOf(erase('00000000-0000-7000-8000-00000000dead'))).toMatchObject({
      status: 404,
      code: 'contact-not-found',
    });
    expect(await api.get(`/v1/contacts/${ids.api}`)).toMatchObject({ erased: false, firstName: API.firstName });
  });

  it('gets a receipt that stays the same and can be checked', async () => {
    for (const id of [ids.api, ids.imported, ids.met]) {
      const receipt = await erase(id);
      const { receiptId, contactId, erasedAt, actor, events } = receipt as Fields & {
        actor: { kind: string; id: string };
      };
      expect(contactId).toBe(id);
      const lines = [receiptId, contactId, erasedAt, `${actor.kind}:${actor.id}`, events];
      expect(receipt['digest']).toBe(createHash('sha256').update(lines.join('\n')).digest('hex'));
      expect(remainsOf(folder.path, valuesOf(id === ids.api ? API : id === ids.met ? MET : IMPORTED))).toEqual([]);
      expect(await erase(id)).toEqual(receipt);
    }
  });

  it('is in no byte of any file while the server runs, nor in what it printed', () => {
    expect(remainsOf(folder.path, ours)).toEqual([]);
    for (const value of [...ours, ...valuesOf(OTHER)])
      expect(server.output.toLowerCase()).not.toContain(value.toLowerCase());
  });

  it('is answered about by every call, without a single value', async () => {
    const seen: unknown[] = [];
    for (const id of [ids.api, ids.imported, ids.met]) {
      const contact = await api.get(`/v1/contacts/${id}`);
      expect(contact).toMatchObject({ id, erased: true, tags: ['vip'], info: { archived: true } });
      const history = await api.get<List<Fields & { type: string; occurredAt: string; eventId: string }>>(
        `/v1/contacts/${id}/history`,
      );
      expect(history.data[0]).toMatchObject({ type: 'ContactErased' });
      const asOf = await api.get(`/v1/contacts/${id}?asOf=${history.data.at(-1)!.occurredAt}`);
      seen.push(contact, history, asOf);
      expect(await problemOf(api.post(`/v1/contacts/${id}:undo`, { eventId: history.data[1]!.eventId }))).toMatchObject(
        { status: 410, code: 'erased' },
      );
      expect(await problemOf(api.patch(`/v1/contacts/${id}`, { firstName: 'Again' }))).toMatchObject({
        status: 410,
        code: 'erased',
      });
      expect(await problemOf(api.post(`/v1/contacts/${id}:restore`))).toMatchObject({ status: 410, code: 'erased' });
    }
    seen.push(
      await api.get(`/v1/contacts?archived=true&filter=${encodeURIComponent('erased = true')}`),
      await everyEvent(api),
    );
    expect(valuesIn(seen, ours)).toEqual([]);
    expect(
      (await everyEvent(api, `subject = "contact/${ids.imported}"`)).every(
        ({ erased, type }) => erased || type.endsWith('Erased'),
      ),
    ).toBe(true);
  });

  it('leaves the imports answerable, their files forgotten', async () => {
    for (const { path, rows, id } of [broughtIn, metAgain, failing].map((each) => ({
      path: each.path,
      id: each.id,
      rows: () => each.rows(),
    }))) {
      const view = await api.get(path);
      const listed = await api.get<List<Fields>>('/v1/imports/contacts');
      expect(listed.data.map((each) => each.id)).toContain(id);
      expect(valuesIn([view, listed, await rows()], ours)).toEqual([]);
    }
    const again = await api.post<Fields>(`${broughtIn.path}:revert`);
    expect(again).toMatchObject({ fileName: '' });
  });

  it('leaves everybody else as they were', async () => {
    expect(await api.get(`/v1/contacts/${ids.other}`)).toMatchObject({ erased: false, ...OTHER });
    const now = [...(await everyRecord(api, '/v1/contacts')).values()].map(({ firstName }) => String(firstName));
    expect(now.filter((name) => name.startsWith('Filler'))).toEqual(filler);
  });

  it('stays forgotten after a stop, a start, a kill and another start', async () => {
    expect(await server.stop()).toBe(0);
    printed.push(server.output);
    expect(remainsOf(folder.path, ours)).toEqual([]);
    await start();
    await readAll();
    await server.kill();
    printed.push(server.output);
    expect(remainsOf(folder.path, ours)).toEqual([]);
    await start();
    expect(await api.get(`/v1/contacts/${ids.imported}`)).toMatchObject({ erased: true });
    expect(valuesIn(printed, ours)).toEqual([]);
  });
});

const valuesIn = (answers: unknown, values: readonly string[]): readonly string[] => {
  const text = JSON.stringify(answers).toLowerCase();
  return values.filter((value) => text.includes(value.toLowerCase()));
};
