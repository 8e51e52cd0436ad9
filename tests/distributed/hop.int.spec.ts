import { afterEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, type EventStore } from '@rapport/event-store';
import { Api, eventsOf, type Fields, Import, type List, problemOf } from '../journeys/support/index.js';
import { LossyLink } from './lossy-link.js';
import { openRemoteInstallation, type RemoteInstallation } from './remote-installation.js';

let installation: RemoteInstallation;
let link: LossyLink | undefined;

afterEach(async () => {
  await installation.close();
  link?.close();
  link = undefined;
});

const apiOf = ({ gateway, token }: RemoteInstallation): Api => new Api(gateway.address, token);

describe('a gateway in front of contexts in other processes', () => {
  it('answers as one process does', async () => {
    installation = await openRemoteInstallation();
    const api = apiOf(installation);
    const { status, headers, body } = await api.send('POST', '/v1/contacts', {
      body: { firstName: 'Ada', tags: ['vip'] },
    });
    expect([status, headers.get('etag')]).toEqual([201, '"0"']);
    expect(body.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(await api.get(`/v1/contacts/${body.id}`)).toEqual(body);
    const stale = api.patch(`/v1/contacts/${body.id}`, { firstName: 'Eda' }, { 'if-match': '"4"' });
    expect(await problemOf(stale)).toMatchObject({ status: 412, code: 'stale-revision', currentRevision: 0 });
    const rows = [
      { clientRef: 'a', create: { firstName: 'A' } },
      { create: { firstName: 'B' } },
      { create: { email: 'no' } },
    ];
    const batch = await api.send<List<Fields>>('POST', '/v1/contacts:batch', { body: { rows } });
    expect([batch.status, batch.body.data.map((row) => row['status'])]).toEqual([207, [201, 201, 400]]);
    const found = await api.get<List<Fields>>('/v1/contacts?sort=firstName');
    expect(found.data.map((contact) => contact['firstName'])).toEqual(['A', 'Ada', 'B']);
    expect(await problemOf(api.get('/v1/contacts/0197b5a0-0000-7000-8000-000000000000'))).toMatchObject({
      status: 404,
    });
  });

  it('has tokens issued and ended', async () => {
    installation = await openRemoteInstallation();
    const api = apiOf(installation);
    const token = await api.post<{ id: string; secret: string }>('/v1/access-tokens', {
      name: 'ERP',
      roles: ['viewer'],
    });
    const erp = new Api(api.address, token.secret);
    expect(await erp.get('/v1/me')).toMatchObject({ name: 'ERP', roles: ['viewer'] });
    await api.delete(`/v1/access-tokens/${token.id}`);
    expect(await problemOf(erp.get('/v1/me'))).toMatchObject({ status: 401, code: 'token-ended' });
  });

  it('streams events and takes files in', async () => {
    installation = await openRemoteInstallation();
    const api = apiOf(installation);
    const leaving = new AbortController();
    const stream = eventsOf(api, { after: 'now', signal: leaving.signal });
    const first = stream.next();
    const imported = await Import.run(api, 'accounts', 'name,sector\nAcme,retail\nGlobex,software\n');
    expect(await imported.view()).toMatchObject({ state: 'done', counts: { created: 2 } });
    await api.post('/v1/contacts', { firstName: 'Ada' });
    expect((await first).value).toMatchObject({ source: expect.stringContaining('contacts') });
    leaving.abort();
    await stream.return(undefined);
  });
});

/** Lets the first append go through and then loses the way back. */
const losingStore = (inner: EventStore, lose: () => void): EventStore & { readonly appends: string[] } => {
  const appends: string[] = [];
  return {
    appends,
    append: async (stream, events, expected) => {
      const appended = await inner.append(stream, events, expected);
      appends.push(stream);
      if (appends.length === 1) lose();
      return appended;
    },
    read: (...args) => inner.read(...args),
    follow: (...args) => inner.follow(...args),
    end: () => inner.end(),
    lacks: (position) => inner.lacks(position),
    removeTenant: (...args) => inner.removeTenant(...args),
    close: () => inner.close(),
  };
};

describe('an answer that is lost after the write', () => {
  const openLosing = async (): Promise<EventStore & { readonly appends: string[] }> => {
    const events = losingStore(new InMemoryEventStore(), () => link!.lose());
    installation = await openRemoteInstallation({ contacts: { events } }, async (context, port) => {
      if (context !== 'contacts') return `127.0.0.1:${port}`;
      link = await LossyLink.to(port);
      return link.address;
    });
    return events;
  };

  it('of a create leaves the record there once, and is given again', async () => {
    const events = await openLosing();
    const api = apiOf(installation);
    const { status, headers, body } = await api.send('POST', '/v1/contacts', { body: { firstName: 'Ada' } });
    expect([status, headers.get('etag'), body['firstName']]).toEqual([201, '"0"', 'Ada']);
    expect(headers.get('rapport-consistency')).toMatch(/^contacts:\d{20}$/);
    expect(events.appends).toEqual([`contact-main-${body.id}`]);
    expect((await api.get<List<Fields>>('/v1/contacts')).data.map(({ id }) => id)).toEqual([body.id]);
    expect((await api.get<List<Fields>>(`/v1/contacts/${body.id}/history`)).data).toHaveLength(1);
  });

  it('of a batch leaves every row there once', async () => {
    await openLosing();
    const api = apiOf(installation);
    const rows = ['A', 'B', 'C'].map((firstName) => ({ clientRef: '', create: { firstName } }));
    const { body } = await api.send<List<Fields>>('POST', '/v1/contacts:batch', { body: { rows } });
    expect(body.data.map((row) => row['status'])).toEqual([201, 201, 201]);
    const { data } = await api.get<List<Fields>>('/v1/contacts');
    expect(data.map(({ id }) => id).sort()).toEqual(body.data.map(({ id }) => id).sort());
  });
});
