import { expect } from '@jest/globals';
import { Api, type Fields, type List, problemOf } from '../../journeys/support/api.js';
import { eventually } from '../../journeys/support/eventually.js';
import type { ImportedRow, ImportView } from '../../journeys/support/imports.js';
import { expectedNow } from './declared-differences.js';
import type { Ending, KeptData, UnderWay } from './kept-data.js';
import { Questions } from './questions.js';

/** Today's program on data of an earlier one, and what has to hold of it. */
export class Upgraded {
  constructor(
    private readonly kept: KeptData,
    private readonly address: string,
  ) {}

  get api(): Api {
    return new Api(this.address, this.kept.known.tokens.administrator);
  }

  /** Everything that was seen before is seen now, in both tenants; what differs is declared. */
  async showsTheSame(): Promise<void> {
    const { known, answered } = this.kept;
    const questions = new Questions(known);
    const now: unknown[] = [];
    const then: unknown[] = [];
    for (const asked of answered) {
      const { as, path } = asked;
      now.push({ as, path, answer: await questions.askedAgain(asked, new Api(this.address, known.tokens[as])) });
      then.push({ as, path, answer: expectedNow(asked, questions.compared(asked)) });
    }
    // All at once, so that a failure shows everything that differs.
    expect(now).toEqual(then);
  }

  /** What was under way is brought to its end, each row once. */
  async finishesImports(ending: Ending): Promise<void> {
    for (const [list, underWay] of Object.entries(this.kept.known.underWay[ending]!)) {
      const { rows, path } = underWay;
      const view = await eventually(
        () => this.api.get<ImportView>(path),
        ({ state }) => state !== 'running',
        60_000,
      );
      expect(view).toMatchObject({ state: 'done', counts: { rows, created: rows, failed: 0 } });
      await this.#hasEachRowOnce(list, underWay);
    }
  }

  /** Tokens work or do not, as before. */
  async knowsTokens(): Promise<void> {
    const me = (token: string): Promise<Fields> => new Api(this.address, token).get('/v1/me');
    const { viewer, integrator, revoked, expired } = this.kept.known.tokens;
    expect(await me(viewer)).toMatchObject({ tenant: 'main', name: 'Viewer', roles: ['viewer'] });
    expect(await me(integrator)).toMatchObject({ tenant: 'main', roles: ['integrator', 'sales'] });
    for (const token of [revoked, expired]) expect(await problemOf(me(token))).toMatchObject({ status: 401 });
  }

  /** A write that is sent again under its key makes nothing new. */
  async remembersKeys(): Promise<void> {
    const { api } = this;
    for (const { path, key, body, id } of this.kept.known.keyed) {
      expect(await api.post(path, body, { 'idempotency-key': key })).toMatchObject({ id, info: { revision: 0 } });
      const { data } = await api.get<List<Fields>>(`${path}/${id}/history`);
      expect(data).toHaveLength(1);
    }
  }

  /** Who sells is a user of the same id, once, however often the data are opened. */
  async makesUsersOfRepresentatives(): Promise<void> {
    const all = (list: string) => this.api.all<Fields>(list, { archived: 'true', sort: 'id' });
    const told = ({ id, name, externalId, info }: Fields) => ({
      id,
      name,
      externalId,
      archived: (info as Fields)['archived'],
    });
    const sellers = (await all('/v1/representatives')).map(told);
    expect(sellers.length).toBeGreaterThan(0);
    const users = async () => (await all('/v1/users')).filter(({ id, representativeId }) => id === representativeId);
    expect((await eventually(users, ({ length }) => length === sellers.length)).map(told)).toEqual(sellers);
  }

  /** A read that carries the token of a write of then is answered. */
  async keepsConsistency(): Promise<void> {
    const headers = { 'rapport-consistency': this.kept.known.consistency };
    for (const list of ['/v1/contacts', '/v1/opportunities']) await this.api.send('GET', list, { headers });
  }

  /** Deals that stand in a stage which has another name today can be closed, and taken up again. */
  async closesDealsOfRenamedStages(): Promise<void> {
    const { proposed, wonFromPropose } = this.kept.known.deals;
    const { api } = this;
    expect(await api.post(`/v1/opportunities/${proposed}:win`)).toMatchObject({ status: 'won' });
    const reopened = await api.post(`/v1/opportunities/${wonFromPropose}:reopen`, { stage: 'Offer' });
    expect(reopened).toMatchObject({ stage: 'Offer', status: 'open' });
    // Lists show it from now on, to whoever asks.
    await api.get('/v1/opportunities?limit=1');
  }

  async #hasEachRowOnce(list: string, { path, rows }: UnderWay): Promise<void> {
    const told = await this.api.all<ImportedRow>(`${path}/rows`, { limit: '200' });
    expect(told.map(({ row, outcome }) => `${row} ${outcome}`)).toEqual(
      Array.from({ length: rows }, (_, n) => `${n + 1} created`),
    );
    const records = await eventually(
      () => this.api.all<Fields>(`/v1/${list}`, { limit: '200', filter: 'externalId:"W-"' }),
      ({ length }) => length >= rows,
    );
    const keys = records.map(({ externalId }) => String(externalId));
    expect(keys.sort()).toEqual(Array.from({ length: rows }, (_, n) => `W-${n}`).sort());
    expect(new Set(records.map(({ id }) => id))).toEqual(new Set(told.map(({ recordId }) => recordId)));
  }
}
