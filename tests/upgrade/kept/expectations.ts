import { expect } from '@jest/globals';
import { Api, type Fields, type List, problemOf } from '../../journeys/support/api.js';
import { eventually } from '../../journeys/support/eventually.js';
import type { ImportedRow, ImportView } from '../../journeys/support/imports.js';
import { expectedNow } from './declared-differences.js';
import { answered, type Ending, known, type UnderWay } from './kept-data.js';
import { askedAgain, compared } from './questions.js';

/** The administrator's client; it waits for the last writes of the program that made the data. */
export const administrator = (address: string): Api => new Api(address, known.tokens.administrator);

/** Everything that was seen before is seen now, in both tenants; what differs is declared. */
export const expectSameAnswers = async (address: string): Promise<void> => {
  const clients = { administrator: administrator(address), acme: new Api(address, known.tokens.acme) };
  for (const asked of answered) {
    const { as, path } = asked;
    const now = await askedAgain(clients[as], asked);
    expect({ as, path, answer: now }).toEqual({ as, path, answer: expectedNow(asked, compared(asked)) });
  }
};

/** What was under way is brought to its end, each row once. */
export const expectImportsEnd = async (address: string, ending: Ending): Promise<void> => {
  const api = administrator(address);
  for (const [list, underWay] of Object.entries(known.underWay[ending])) {
    const { rows, path } = underWay;
    const view = await eventually(
      () => api.get<ImportView>(path),
      ({ state }) => state !== 'running',
      60_000,
    );
    expect(view).toMatchObject({ state: 'done', counts: { rows, created: rows, failed: 0 } });
    await expectEachRowOnce(api, list, underWay);
  }
};

const expectEachRowOnce = async (api: Api, list: string, { path, rows }: UnderWay): Promise<void> => {
  const told = await api.all<ImportedRow>(`${path}/rows`, { limit: '200' });
  expect(told.map(({ row, outcome }) => `${row} ${outcome}`)).toEqual(
    Array.from({ length: rows }, (_, n) => `${n + 1} created`),
  );
  const records = await eventually(
    () => api.all<Fields>(`/v1/${list}`, { limit: '200', filter: 'externalId:"W-"' }),
    ({ length }) => length >= rows,
  );
  const keys = records.map(({ externalId }) => String(externalId));
  expect(keys.sort()).toEqual(Array.from({ length: rows }, (_, n) => `W-${n}`).sort());
  expect(new Set(records.map(({ id }) => id))).toEqual(new Set(told.map(({ recordId }) => recordId)));
};

/** Tokens work or do not, as before. */
export const expectSameTokens = async (address: string): Promise<void> => {
  const me = (token: string): Promise<Fields> => new Api(address, token).get('/v1/me');
  const { viewer, integrator, revoked, expired } = known.tokens;
  expect(await me(viewer)).toMatchObject({ tenant: 'main', name: 'Viewer', roles: ['viewer'] });
  expect(await me(integrator)).toMatchObject({ tenant: 'main', roles: ['integrator', 'sales'] });
  for (const token of [revoked, expired]) expect(await problemOf(me(token))).toMatchObject({ status: 401 });
};

/** A write that is sent again under its key makes nothing new. */
export const expectKeysRemembered = async (address: string): Promise<void> => {
  const api = administrator(address);
  for (const { path, key, body, id } of known.keyed) {
    expect(await api.post(path, body, { 'idempotency-key': key })).toMatchObject({ id, info: { revision: 0 } });
    const { data } = await api.get<List<Fields>>(`${path}/${id}/history`);
    expect(data).toHaveLength(1);
  }
};

/** A read that carries the token of a write of then is answered. */
export const expectConsistencyKept = async (address: string): Promise<void> => {
  const headers = { 'rapport-consistency': known.consistency };
  for (const list of ['/v1/contacts', '/v1/opportunities']) await administrator(address).send('GET', list, { headers });
};
