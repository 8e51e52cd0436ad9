import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

interface Listed extends Fields {
  readonly data: readonly Fields[];
}

const create = (contact: object, by = api): Promise<Fields> => by.post('/v1/contacts', contact);
const read = (id: string, query = ''): Promise<Fields> => api.get(`/v1/contacts/${id}${query}`);
const merge = (id: string, otherId: string, asked: object = {}, by = api): Promise<Fields> =>
  by.post(`/v1/contacts/${id}:merge`, { otherId, ...asked });
const unmerge = (id: string, otherId: string, asked: object = {}): Promise<Fields> =>
  api.post(`/v1/contacts/${id}:unmerge`, { otherId, ...asked });
const said = ({ info: _, id: __, erased: ___, mergedIds: ____, ...fields }: Fields): Fields => fields as Fields;

const ADA = { firstName: 'Ada', email: 'ada@one.example', phone: '+44 20 7946 0000', tags: ['vip'] };
const KING = {
  ...{ firstName: 'A.', lastName: 'King', title: 'Countess', email: 'ada@two.example', externalId: 'king-1' },
  ...{ otherEmails: ['a@three.example'], tags: ['old'] },
};

describe('two contacts of one person', () => {
  let ada: Fields;
  let king: Fields;
  beforeAll(async () => {
    [ada, king] = [await create(ADA), await create(KING)];
  });

  it('can be looked at as one before they are, field by field, and nothing is changed by that', async () => {
    const preview = await api.post<Fields>(`/v1/contacts/${ada.id}:previewMerge`, {
      ...{ otherId: king.id, fields: { title: 'this' }, contact: { salutation: 'Lady' } },
    });
    expect(preview['contact']).toMatchObject({
      ...{ id: ada.id, salutation: 'Lady', firstName: 'Ada', lastName: 'King', email: 'ada@one.example' },
      ...{ otherEmails: ['ada@two.example', 'a@three.example'], tags: ['vip', 'old'] },
    });
    expect(preview['contact']).not.toHaveProperty('title');
    expect(preview['fields']).toEqual(
      expect.arrayContaining([
        { field: 'firstName', this: 'Ada', other: 'A.', becomes: 'Ada' },
        { field: 'lastName', this: null, other: 'King', becomes: 'King' },
        { field: 'title', this: null, other: 'Countess', becomes: null },
      ]),
    );
    expect(said(await read(king.id))).toEqual(said(king));
  });

  it('become one, with a choice for each field', async () => {
    const merged = await merge(ada.id, king.id, { fields: { firstName: 'this', email: 'other' } });
    expect(merged).toMatchObject({
      ...{ id: ada.id, firstName: 'Ada', lastName: 'King', title: 'Countess', externalId: 'king-1' },
      ...{ email: 'ada@two.example', otherEmails: ['ada@one.example', 'a@three.example'], mergedIds: [king.id] },
    });
  });

  it('are found under both ids: read, as of now, in lists, in history and as duplicates', async () => {
    expect(await read(king.id)).toEqual(await read(ada.id));
    expect(await read(king.id, '?asOf=2099-01-01T00:00:00Z')).toMatchObject({ id: ada.id, lastName: 'King' });
    const { data } = await api.get<Listed>(`/v1/contacts?filter=${encodeURIComponent(`id = "${king.id}"`)}`);
    expect(data).toMatchObject([{ id: ada.id }]);
    const history = await api.get<Listed>(`/v1/contacts/${king.id}/history`);
    expect(history).toEqual(await api.get(`/v1/contacts/${ada.id}/history`));
    expect(history.data.map(({ type, recordId }) => [type, recordId ?? ada.id])).toEqual([
      ...[
        ['ContactMerged', ada.id],
        ['ContactMergedInto', king.id],
      ],
      ...[
        ['ContactCreated', king.id],
        ['ContactCreated', ada.id],
      ],
    ]);
    expect(await api.get(`/v1/contacts/${king.id}/duplicates`)).toEqual({ data: [] });
    const all = await api.get<Listed>('/v1/contacts?limit=200');
    expect(all.data.map(({ id }) => id)).not.toContain(king.id);
  });

  it('are found by what refers to either of them, in every context', async () => {
    const pipeline = await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'Open', probability: 10 }] });
    const refer = async ({ id: contactId }: Fields): Promise<void> => {
      await api.post('/v1/opportunities', { name: 'Engine', pipelineId: pipeline.id, contactId });
      await api.post('/v1/activities', { kind: 'note', text: 'x', related: [{ kind: 'contact', id: contactId }] });
      const said = {
        channel: 'email',
        topic: 'news',
        purpose: 'marketing',
        state: 'granted',
        legalBasis: 'contract',
        source: 'call',
      };
      await api.post('/v1/consents', { contactId, address: `${contactId}@refers.example`, ...said });
    };
    for (const each of [ada, king]) await refer(each);
    for (const { id } of [ada, king]) {
      const count = async (list: string, field: string): Promise<number> =>
        (await api.get<Listed>(`/v1/${list}?filter=${encodeURIComponent(`${field} = "${id}"`)}`)).data.length;
      expect(await count('activities', 'contactIds')).toBe(2);
      expect(await count('consents', 'contactId')).toBe(2);
      await eventually(async () => (await count('opportunities', 'contactId')) === 2);
      const report = await api.get<Fields>(`/v1/reports/outcomes?filter=${encodeURIComponent(`contactId = "${id}"`)}`);
      expect(report).toMatchObject({ opportunities: 2 });
      const feed = await api.get<Listed>(`/v1/events?filter=${encodeURIComponent(`subject = "contact/${id}"`)}`);
      expect(feed.data.map(({ type }) => String(type).replace(/.*\./, ''))).toEqual([
        ...['ContactCreated', 'ContactCreated', 'ContactMergedInto', 'ContactMerged'],
      ]);
    }
  });

  it('have one timeline, in which what concerns both stands once', async () => {
    const [of, both] = [(id: unknown) => ({ kind: 'contact', id }), 'Between the two of them'];
    const note = (text: string, related: object[]) => api.post('/v1/activities', { kind: 'note', text, related });
    await note('Of the one that went', [of(king.id)]);
    await note(both, [of(ada.id), of(king.id)]);
    for (const { id } of [ada, king]) {
      const { data } = await api.get<Listed>(`/v1/contacts/${id}/timeline`);
      const notes = data.flatMap(({ activity }) => (activity ? [(activity as Fields)['text']] : []));
      expect(notes).toEqual([both, 'Of the one that went', 'x', 'x']);
      const types = data.flatMap(({ type }) => type || []);
      expect(types).toEqual(expect.arrayContaining(['ContactMerged', 'ContactMergedInto', 'ContactCreated']));
      const pages = [];
      for (let cursor = ''; ;) {
        const next = await api.get<Listed & { page: Fields }>(`/v1/contacts/${id}/timeline?limit=1&cursor=${cursor}`);
        pages.push(...next.data);
        if (!next.page['next']) break;
        cursor = next.page['next'] as string;
      }
      expect(pages).toEqual(data);
    }
  });

  it('stand apart as of a time before', async () => {
    const before = String((king['info'] as Fields)['createdAt']);
    expect(await read(king.id, `?asOf=${before}`)).toMatchObject({ id: king.id, firstName: 'A.', email: KING.email });
    expect(await read(ada.id, `?asOf=${before}`)).toMatchObject({ id: ada.id, email: ADA.email });
  });

  it('leave one that changes no more, and says where it went', async () => {
    const refused = { status: 409, code: 'merged', detail: expect.stringContaining(ada.id) };
    expect(await problemOf(api.patch(`/v1/contacts/${king.id}`, { title: 'x' }))).toMatchObject(refused);
    expect(await problemOf(api.post(`/v1/contacts/${king.id}:restore`))).toMatchObject(refused);
    const { data } = await api.get<Listed>(
      `/v1/contacts?archived=true&filter=${encodeURIComponent(`mergedInto = "${ada.id}"`)}`,
    );
    expect(data).toMatchObject([{ id: king.id, mergedInto: ada.id, info: { archived: true } }]);
  });

  it('are what they were once they are split, each with what was changed of its own', async () => {
    await api.patch(`/v1/contacts/${ada.id}`, { lastName: 'Byron', firstName: 'Augusta', birthDate: '1815-12-10' });
    const asked = { otherId: king.id, fields: { birthDate: 'both' } };
    const preview = await api.post<Fields>(`/v1/contacts/${ada.id}:previewUnmerge`, asked);
    const split = await unmerge(ada.id, king.id, asked);
    expect(split['changedSince']).toEqual([
      { field: 'firstName', value: 'Augusta', goesTo: 'this' },
      { field: 'lastName', value: 'Byron', goesTo: 'other' },
      { field: 'birthDate', value: '1815-12-10', goesTo: 'both' },
    ]);
    for (const side of ['contact', 'other']) expect(said(split[side] as Fields)).toEqual(said(preview[side] as Fields));
    const [one, other] = [await read(ada.id), await read(king.id)];
    expect(said(one)).toEqual({ ...said(ada), firstName: 'Augusta', birthDate: '1815-12-10' });
    expect(said(other)).toEqual({ ...said(king), lastName: 'Byron', birthDate: '1815-12-10' });
    expect(one['mergedIds']).toEqual([]);
    await api.patch(`/v1/contacts/${king.id}`, { title: 'Lady' });
    const filter = encodeURIComponent(`contactId = "${ada.id}"`);
    await eventually(async () => (await api.get<Listed>(`/v1/opportunities?filter=${filter}`)).data.length === 1);
  });

  it('leave what has come since with the id that it came by, or where somebody wants it', async () => {
    await merge(ada.id, king.id);
    const note = (text: string, ...of: Fields[]): Promise<Fields> =>
      api.post('/v1/activities', { kind: 'note', text, related: of.map(({ id }) => ({ kind: 'contact', id })) });
    const [hers, his, both, chosen] = [
      await note('hers', ada),
      await note('his', king),
      await note('both', ada, king),
      await note('chosen', ada),
    ];
    const said = { ...{ channel: 'email', state: 'withdrawn', source: 'call' }, contactId: king.id };
    const consent = await api.post<Fields>('/v1/consents', { ...said, address: KING.email });
    const asked = { otherId: king.id, relations: { [`activity/${chosen.id}`]: 'other' } };
    const cameSince = [
      ...[
        { kind: 'activity', id: chosen.id, goesTo: 'other' },
        { kind: 'activity', id: both.id, goesTo: 'both' },
      ],
      { kind: 'activity', id: his.id, goesTo: 'other' },
      { kind: 'activity', id: hers.id, goesTo: 'this' },
      { kind: 'consent', id: consent.id, goesTo: 'other' },
    ];
    expect(await api.post(`/v1/contacts/${ada.id}:previewUnmerge`, asked)).toMatchObject({ cameSince });
    const refused = (relations: object) => problemOf(unmerge(ada.id, king.id, { relations }));
    expect(await refused({ [`activity/${ada.id}`]: 'other' })).toMatchObject({ status: 400, code: 'unknown-relation' });
    expect(await refused({ boat: 'other' })).toMatchObject({ status: 400, code: 'unknown-relation' });
    expect(await refused({ [`activity/${his.id}`]: 'mine' })).toMatchObject({ status: 400, code: 'bad-choice' });
    expect(await refused({ [`consent/${consent.id}`]: 'this' })).toMatchObject({ status: 400, code: 'not-movable' });
    expect(await unmerge(ada.id, king.id, asked)).toMatchObject({ cameSince });
    const texts = async ({ id }: Fields): Promise<readonly unknown[]> => {
      const { createdAt } = hers['info'] as { readonly createdAt: string };
      const filter = encodeURIComponent(`contactIds = "${id}" AND createdAt >= "${createdAt}"`);
      return (await api.get<Listed>(`/v1/activities?filter=${filter}`)).data.map(({ text }) => text).sort();
    };
    expect(await texts(ada)).toEqual(['both', 'hers']);
    expect(await texts(king)).toEqual(['both', 'chosen', 'his']);
  });

  it('can be merged the other way round, and that be undone', async () => {
    await merge(king.id, ada.id);
    const { data } = await api.get<Listed>(`/v1/contacts/${king.id}/history`);
    const { eventId } = data.find(({ type }) => type === 'ContactMerged')!;
    expect(await api.post(`/v1/contacts/${king.id}:undo`, { eventId })).toMatchObject({ mergedIds: [] });
    expect(await read(ada.id)).toMatchObject({ id: ada.id, firstName: 'Augusta', info: { archived: false } });
  });
});

describe('a merge', () => {
  let one: Fields;
  let other: Fields;
  beforeAll(async () => {
    [one, other] = [await create({ lastName: 'One' }), await create({ lastName: 'Other' })];
  });

  it.each([
    [{ otherId: '00000000-0000-7000-8000-000000000001' }, 404, 'contact-not-found'],
    [{}, 400, 'invalid-request'],
    [{ fields: { title: 'mine' } }, 400, 'bad-choice'],
    [{ fields: { titel: 'this' } }, 400, 'unknown-field'],
    [{ fields: { title: 'this' }, contact: { title: 'x' } }, 400, 'chosen-twice'],
    [{ contact: { email: 'nobody' } }, 400, 'invalid-request'],
  ])('is refused of %j', async (asked, status, code) => {
    const body = 'otherId' in asked || Object.keys(asked).length === 0 ? asked : { otherId: other.id, ...asked };
    expect(await problemOf(api.post(`/v1/contacts/${one.id}:merge`, body))).toMatchObject({ status, code });
  });

  it('is refused of a contact with itself, and of what is archived, held, restricted, erased or merged', async () => {
    expect(await problemOf(merge(one.id, one.id))).toMatchObject({ status: 400, code: 'one-record' });
    const cases = [
      ['archive', {}, 'contact-archived'],
      ['hold', { reason: 'Case 17' }, 'on-hold'],
      ['restrict', { reason: 'Says that it is wrong' }, 'processing-restricted'],
      ['erase', {}, 'erased'],
    ] as const;
    for (const [command, body, code] of cases) {
      const { id } = await create({ lastName: command });
      await api.post(`/v1/contacts/${id}:${command}`, body);
      expect(await problemOf(merge(one.id, id))).toMatchObject({ code });
      expect(await problemOf(merge(id, one.id))).toMatchObject({ code });
    }
    const third = await create({ lastName: 'Third' });
    await merge(other.id, third.id);
    expect(await problemOf(merge(one.id, third.id))).toMatchObject({ status: 409, code: 'merged' });
  });

  it('is done once under a key, and tells of a revision that is not the last', async () => {
    const [left, right] = [await create({ lastName: 'Left' }), await create({ lastName: 'Right', title: 'Dr.' })];
    const send = (body: object) =>
      api.fetch('POST', `/v1/contacts/${left.id}:merge`, {
        body,
        headers: { 'Idempotency-Key': 'merge-once', 'If-Match': '"0"' },
      });
    const [first, again] = [await send({ otherId: right.id }), await send({ otherId: right.id })];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(await again.json()).toEqual(await first.json());
    expect((await send({ otherId: right.id, fields: { title: 'this' } })).status).toBe(409);
    const stale = await create({ lastName: 'Stale' });
    const refused = problemOf(api.post(`/v1/contacts/${left.id}:merge`, { otherId: stale.id }, { 'If-Match': '"0"' }));
    expect(await refused).toMatchObject({ status: 412, currentRevision: 1 });
  });

  it('leads on over several, of which the last is split off first', async () => {
    const [a, b, c] = [
      await create({ lastName: 'A' }),
      await create({ title: 'B', lastName: 'B' }),
      await create({ lastName: 'C' }),
    ];
    await merge(b.id, c.id);
    await merge(a.id, b.id);
    expect(await read(c.id)).toMatchObject({ id: a.id, title: 'B', mergedIds: [b.id, c.id] });
    expect(await problemOf(unmerge(a.id, c.id))).toMatchObject({ status: 404, code: 'not-merged' });
    expect(await problemOf(unmerge(b.id, c.id))).toMatchObject({ status: 409, code: 'merged' });
    await unmerge(a.id, b.id);
    expect(await read(c.id)).toMatchObject({ id: b.id });
    const d = await create({ lastName: 'D' });
    await merge(b.id, d.id);
    expect(await problemOf(unmerge(b.id, c.id))).toMatchObject({ status: 409, code: 'merged-again-later' });
  });

  it('is for whoever may change both', async () => {
    const viewer = await api.clientFor(['viewer']);
    expect(await problemOf(merge(one.id, other.id, {}, viewer))).toMatchObject({ status: 403 });
    const elsewhere = await api.clientFor(['administrator'], 'elsewhere');
    expect(await problemOf(merge(one.id, other.id, {}, elsewhere))).toMatchObject({ status: 404 });
  });
});

describe('an erasure of somebody whose contacts were merged', () => {
  it('forgets all of them, whichever id it is asked for by', async () => {
    const [ada, king] = [await create({ ...ADA, lastName: 'Zuse' }), await create({ ...KING, lastName: 'Zuse' })];
    await api.patch(`/v1/contacts/${king.id}`, { email: 'former@two.example' });
    await merge(ada.id, king.id);
    const held = await api.get<Fields>(`/v1/people/${king.id}`);
    expect(JSON.stringify(held)).toContain(ada.id);
    await api.post(`/v1/contacts/${king.id}:erase`);
    const receipt = await eventually(
      () => api.get<Fields>(`/v1/contacts/${king.id}/erasure`),
      ({ state }) => state === 'done',
    );
    expect(receipt).toMatchObject({ contactId: ada.id, events: 4 });
    const parts = receipt['parts'] as readonly Fields[];
    expect(parts.find(({ context }) => context === 'contacts')).toMatchObject({ keys: 2 });
    const forgotten = await read(king.id);
    expect(forgotten).toMatchObject({ id: ada.id, erased: true, mergedIds: [king.id] });
    expect(JSON.stringify(await api.get(`/v1/contacts/${king.id}/history`))).not.toContain('Zuse');
    for (const email of ['former@two.example', KING.email, ADA.email])
      expect(await problemOf(create({ email }))).toMatchObject({ code: 'suppressed' });
    expect(await problemOf(unmerge(ada.id, king.id))).toMatchObject({ status: 410, code: 'erased' });
  });
});
