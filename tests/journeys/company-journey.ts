import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Api,
  type Fields,
  eventually,
  Import,
  inAmericanDates,
  inUtf16,
  type List,
  problemOf,
  Rapport,
  rowsOf,
} from './support/index.js';

type Row = Readonly<Record<string, string>>;
type Board = Readonly<Record<string, { count: number; amount: number }>>;
interface BoardAnswer {
  readonly columns: readonly {
    readonly stage: string;
    readonly count: number;
    readonly amounts: readonly {
      readonly amount: { readonly minor: number };
      readonly weighted: { readonly minor: number };
    }[];
  }[];
}
interface Figures {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly won: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;
}
export interface Company {
  readonly api: Api;
  readonly pipelineId: string;
}

const GTX_PRO = { field: 'product', from: 'GTXPro', to: 'GTX Pro' };
const SECTOR = { field: 'sector', from: 'technolgy', to: 'technology' };
const UPDATE = { mode: 'update', dates: 'mdy', values: [GTX_PRO], matchBy: 'externalId' };

/**
 * A company brings its files in, asks for its figures and changes its mind. The files are those of `maven-crm`, or look
 * like them; what they say is worked out by the programs in tests/independent.
 */
export const companyJourney = (folder: string): { readonly company: () => Company } => {
  const independent = <T>(program: string, path: string): T => {
    const file = fileURLToPath(new URL(`../independent/${program}`, import.meta.url));
    return JSON.parse(execFileSync(process.execPath, [file, path], { encoding: 'utf8' })) as T;
  };
  let rapport: Rapport;
  let api: Api;
  let pipelineId: string;
  let text: Readonly<Record<'accounts' | 'products' | 'sales_teams' | 'sales_pipeline', string>>;
  let deals: readonly Row[];
  let figures: Figures;
  let strict: Import;
  let second: Import;

  beforeAll(async () => {
    const read = (name: string): string => readFileSync(join(folder, `${name}.csv`), 'utf8');
    text = {
      accounts: read('accounts'),
      products: read('products'),
      sales_teams: read('sales_teams'),
      sales_pipeline: read('sales_pipeline'),
    };
    deals = rowsOf(text.sales_pipeline);
    figures = independent('sales-figures.mjs', folder);
    rapport = await Rapport.start();
    api = rapport.api;
    ({ id: pipelineId } = await api.post<Fields>('/v1/pipelines', {
      name: 'Hardware sales',
      currency: 'USD',
      stages: [
        { name: 'Prospecting', probability: 10 },
        { name: 'Engaging', probability: 50 },
      ],
    }));
  });
  afterAll(() => rapport?.stop());

  const endOfFeed = async (): Promise<string> => (await api.get<{ next: string }>('/v1/events?after=now')).next;
  const eventsAfter = async (after: string): Promise<readonly Fields[]> =>
    (await api.get<List<Fields>>(`/v1/events?after=${after}`)).data;
  const whichHave = (wanted: (deal: Row) => boolean): readonly number[] =>
    deals.flatMap((deal, index) => (wanted(deal) ? [index + 1] : []));
  const total = async (filter = ''): Promise<number | undefined> =>
    (
      await api.get<List<Fields>>(
        `/v1/opportunities?${new URLSearchParams({ limit: '1', total: 'true', filter }).toString()}`,
      )
    ).page.total;
  const dealOf = async (externalId: string): Promise<Fields> =>
    (await api.get<List<Fields>>(`/v1/opportunities?filter=${encodeURIComponent(`externalId = "${externalId}"`)}`))
      .data[0]!;

  describe('brings in', () => {
    it('its accounts: sector mended, revenue in millions, parents by name', async () => {
      const settings = { values: [SECTOR], scales: { revenue: 1_000_000 }, currency: 'USD' };
      const accounts = await Import.of(api, 'accounts', text.accounts, settings);
      expect((await accounts.view()).columns!.map(({ name, suggestedField }) => [name, suggestedField])).toEqual([
        ['account', 'name'],
        ['sector', 'sector'],
        ['year_established', 'yearEstablished'],
        ['revenue', 'revenue'],
        ['employees', 'employees'],
        ['office_location', 'location'],
        ['subsidiary_of', 'parent'],
      ]);
      const expected = rowsOf(text.accounts);
      expect((await accounts.run()).counts).toMatchObject({
        rows: expected.length,
        created: expected.length,
        failed: 0,
      });
      const found = await api.all('/v1/accounts', { limit: '200' });
      const names = new Map(found.map(({ id, name }) => [id, name as string]));
      const told = found.map(({ name, sector, revenue, parentId }) => [
        ...[name, sector, (revenue as { minor: number }).minor],
        names.get(parentId as string) ?? '',
      ]);
      const written = expected.map(({ account, sector, revenue, subsidiary_of: parent }) => [
        ...[account, sector!.replace('technolgy', 'technology'), Math.round(Number(revenue) * 100_000_000)],
        parent,
      ]);
      expect(told.sort()).toEqual(written.sort());
    });

    it('its products and its representatives with their managers and regions', async () => {
      const products = await Import.run(api, 'products', text.products, { currency: 'USD' });
      expect((await products.view()).counts).toMatchObject({ created: rowsOf(text.products).length, failed: 0 });
      const price = { minor: 482_100, currency: 'USD' };
      expect((await api.get<List<Fields>>('/v1/products?filter=name = "GTX Pro"')).data).toMatchObject([{ price }]);
      const beforePeople = await endOfFeed();
      await Import.run(api, 'representatives', text.sales_teams);
      const people = await api.all('/v1/representatives');
      const told = people.map(({ name, manager, region }) => [name, manager, region]).sort();
      const written = rowsOf(text.sales_teams).map((row) => [
        row['sales_agent'],
        row['manager'],
        row['regional_office'],
      ]);
      expect(told).toEqual(written.sort());
      // A reaction makes users of them, in a context and in a time of its own.
      const users = await eventually(
        () => eventsAfter(`${beforePeople}&limit=200&filter=${encodeURIComponent('event = "UserCreated"')}`),
        ({ length }) => length >= people.length,
      );
      expect(users).toHaveLength(people.length);
    });
  });

  describe('brings in its opportunities', () => {
    it('at first on trial, which names every row that would fail and changes nothing', async () => {
      const end = await endOfFeed();
      const trial = await Import.of(api, 'opportunities', text.sales_pipeline, { pipelineId, currency: 'USD' });
      expect((await trial.view()).columns!.map(({ field }) => field)).toEqual([
        ...['externalId', 'owner', 'product', 'account', 'stage', 'openedOn', 'closedOn', 'amount'],
      ]);
      const misnamed = whichHave(({ product }) => product === 'GTXPro');
      expect((await trial.validate()).counts).toMatchObject({ rows: deals.length, failed: misnamed.length });
      const failed = await trial.rows('failed');
      expect(failed.map(({ row }) => row)).toEqual(misnamed);
      expect(new Set(failed.flatMap(({ problems }) => problems!.map(({ pointer }) => pointer)))).toEqual(
        new Set(['/product']),
      );
      expect(failed[0]!.problems![0]!.message).toContain('GTXPro');
      await trial.configure({ values: [GTX_PRO] });
      expect((await trial.validate()).counts).toMatchObject({ created: deals.length, failed: 0 });
      expect(await eventsAfter(end)).toEqual([]);
      expect(await total()).toBe(0);
    });

    it('then without those that have no account, which stay behind in a file', async () => {
      const settings = { pipelineId, currency: 'USD', values: [GTX_PRO], required: ['account'] };
      strict = await Import.of(api, 'opportunities', text.sales_pipeline, settings);
      const homeless = whichHave(({ account }) => account === '');
      const { counts } = await strict.run();
      expect(counts).toMatchObject({ created: deals.length - homeless.length, failed: homeless.length });
      expect((await strict.rows('failed')).map(({ row }) => row)).toEqual(homeless);
      const left = rowsOf(await strict.errors());
      expect(left.map((row) => row['opportunity_id'])).toEqual(
        homeless.map((row) => deals[row - 1]!['opportunity_id']),
      );
      expect(new Set(left.map((row) => row['rapport_problem']))).toEqual(
        new Set(['account: account is empty. Fill it in.']),
      );
    });

    it('and at last those too, from that very file', async () => {
      const settings = { pipelineId, currency: 'USD', values: [GTX_PRO] };
      second = await Import.run(api, 'opportunities', await strict.errors(), settings);
      const { counts, columns } = await second.view();
      expect(counts).toMatchObject({ created: whichHave(({ account }) => account === '').length, failed: 0 });
      expect(columns!.at(-1)).toEqual({ name: 'rapport_problem' });
      expect(await total()).toBe(deals.length);
    });

    it('a second time, which changes nothing, however the file is written', async () => {
      const end = await endOfFeed();
      const american = inUtf16(inAmericanDates(text.sales_pipeline).replaceAll(',', ';'));
      const settings = { pipelineId, currency: 'USD', values: [GTX_PRO], dates: 'mdy' };
      const again = await Import.run(api, 'opportunities', american, settings);
      expect((await again.view()).counts).toMatchObject({ unchanged: deals.length, created: 0, updated: 0, failed: 0 });
      expect(await eventsAfter(end)).toEqual([]);
    });
  });

  describe('asks', () => {
    it('how its deals ended', async () => {
      const { opportunities, won, lost, wonValue, winRate, meanDays, medianDays } = figures.outcomes;
      expect(await api.get('/v1/reports/outcomes')).toMatchObject({
        ...{ opportunities, won, lost, winRate },
        wonAmounts: [{ minor: wonValue! * 100, currency: 'USD' }],
        wonCycleDays: { mean: meanDays, median: medianDays },
      });
      for (const stage of ['Prospecting', 'Engaging', 'Won', 'Lost']) {
        const expected = deals.filter((deal) => deal['deal_stage'] === stage).length;
        expect(await total(`stage = "${stage}"`)).toBe(expected);
      }
    });

    it.each(['quarter', 'owner', 'region'])('what a forecast counts as closed by %s', async (dimension) => {
      interface Group {
        readonly key: readonly string[];
        readonly closed: { readonly count: number; readonly amount: { readonly minor: number } };
      }
      const query = `from=2016-01-01&to=2017-12-31&groupBy=${dimension}`;
      const { data } = await api.get<{ data: readonly Group[] }>(`/v1/reports/forecast?${query}`);
      const told = data.map(({ key, closed }) => [key[0]!, [closed.count, closed.amount.minor / 100]]);
      expect(Object.fromEntries(told)).toEqual(figures.won[dimension]);
    });

    it.each(['year', 'quarter', 'month', 'owner', 'manager', 'region', 'product', 'account'])(
      'what was won by %s',
      async (dimension) => {
        interface Group {
          readonly key: readonly string[];
          readonly count: number;
          readonly amount: { readonly minor: number; readonly currency: string };
        }
        const { data } = await api.get<{ data: readonly Group[] }>(`/v1/reports/won?groupBy=${dimension}`);
        const told = data.map(({ key, count, amount }) => [key[0]!, [count, amount.minor / 100]]);
        expect(Object.fromEntries(told)).toEqual(figures.won[dimension]);
        expect(new Set(data.map(({ amount }) => amount.currency))).toEqual(new Set(['USD']));
      },
    );

    it('for the board at the end of every day of 2017', async () => {
      const expected = independent<Record<string, Board>>('board-as-of.mjs', join(folder, 'sales_pipeline.csv'));
      const found: Record<string, Board> = {};
      for (const day of Object.keys(expected)) {
        const { columns } = await api.get<BoardAnswer>(`/v1/pipelines/${pipelineId}/board?asOf=${day}`);
        const occupied = columns.filter(({ count }) => count > 0);
        found[day] = Object.fromEntries(
          occupied.map(({ stage, count, amounts }) => [
            stage,
            { count, amount: amounts.reduce((sum, { amount }) => sum + amount.minor, 0) / 100 },
          ]),
        );
      }
      expect(Object.keys(found)).toHaveLength(365);
      expect(found).toEqual(expected);
    });

    it('for the board as it is now, amounts weighted by their chances', async () => {
      const { columns } = await api.get<BoardAnswer>(`/v1/pipelines/${pipelineId}/board`);
      const count = (stage: string): number => deals.filter((deal) => deal['deal_stage'] === stage).length;
      expect(columns.map(({ stage, count }) => [stage, count])).toEqual(
        ['Prospecting', 'Engaging', 'Won', 'Lost'].map((stage) => [stage, count(stage)]),
      );
      const won = figures.outcomes['wonValue']! * 100;
      expect(columns[2]!.amounts).toMatchObject([{ amount: { minor: won }, weighted: { minor: won } }]);
      expect(columns[3]!.amounts).toMatchObject([{ weighted: { minor: 0 } }]);
    });

    it('what one deal was like at any time, and what happened to it when', async () => {
      const deal = deals.find((row) => row['deal_stage'] === 'Won' && row['account'] !== '')!;
      const { id } = await dealOf(deal['opportunity_id']!);
      const [engaged, closed] = [deal['engage_date']!, deal['close_date']!];
      expect(await api.get(`/v1/opportunities/${id}`)).toMatchObject({
        ...{ stage: 'Won', status: 'won', openedOn: engaged, closedOn: closed },
        ...{ accountName: deal['account'], ownerName: deal['sales_agent'] },
        amount: { minor: Number(deal['close_value']) * 100, currency: 'USD' },
      });
      const { data: history } = await api.get<List<Fields>>(`/v1/opportunities/${id}/history`);
      expect(history.map(({ type, occurredAt }) => [type, (occurredAt as string).slice(0, 10)])).toEqual([
        ['OpportunityWon', closed],
        ['OpportunityCreated', engaged],
      ]);
      expect(history.map(({ actor }) => actor)).toEqual([
        expect.objectContaining({ kind: 'import', id: strict.id, onBehalfOf: expect.any(String) }),
        expect.objectContaining({ kind: 'import', id: strict.id }),
      ]);
      const stage = expect.objectContaining({ field: 'stage', from: 'Engaging', to: 'Won' });
      expect(history[0]!['changes']).toEqual(expect.arrayContaining([stage]));
      const at = (instant: string, by = 'occurred'): Promise<Fields> =>
        api.get(`/v1/opportunities/${id}?asOf=${instant}&asOfBy=${by}`);
      expect(await at(engaged)).toMatchObject({ stage: 'Engaging', status: 'open' });
      expect(await at(closed)).toMatchObject({ stage: 'Won', closedOn: closed });
      expect(await problemOf(at('2016-10-01'))).toMatchObject({ status: 404, code: 'not-yet-there' });
      // By the time of recording there was nothing before the import.
      expect(await problemOf(at(closed, 'recorded'))).toMatchObject({ status: 404 });
      expect(await at(history[0]!['recordedAt'] as string, 'recorded')).toMatchObject({ stage: 'Won' });
    });
  });

  describe('changes its mind', () => {
    const edit = async (externalId: string, change: object): Promise<Fields> => {
      const { id } = await dealOf(externalId);
      return api.patch(`/v1/opportunities/${id}`, change);
    };

    it('about an import that updated: everything is as before but what was edited by hand since', async () => {
      const [kept, partly, plain] = deals.map((deal) => deal['opportunity_id']!);
      const before = await Promise.all([kept, partly, plain].map((id) => dealOf(id!)));
      const notes = [kept, partly, plain].map((id) => `${id},Call again,big\r\n`).join('');
      const update = await Import.run(api, 'opportunities', `opportunity_id,next_step,tags\r\n${notes}`, UPDATE);
      expect((await update.view()).counts).toMatchObject({ updated: 3, created: 0 });
      await edit(kept!, { nextStep: 'By hand', tags: ['mine'] });
      await edit(partly!, { nextStep: 'By hand' });
      expect((await update.revert()).counts).toMatchObject({ restored: 2, kept: 1 });
      const after = await Promise.all([kept, partly, plain].map((id) => dealOf(id!)));
      expect(after.map(({ nextStep, tags }) => [nextStep, tags])).toEqual([
        ['By hand', ['mine']],
        ['By hand', []],
        [undefined, []],
      ]);
      expect({ ...after[2], info: undefined }).toEqual({ ...before[2], info: undefined });
    });

    it('about an import that created: its records go, but the one that was edited by hand since', async () => {
      const homeless = deals.filter(({ account }) => account === '').map((deal) => deal['opportunity_id']!);
      await edit(homeless[0]!, { nextStep: 'Visit' });
      expect((await second.revert()).counts).toMatchObject({ restored: homeless.length - 1, kept: 1 });
      expect(await second.rows('kept')).toMatchObject([{ row: 1, problems: [{ code: 'changed-later' }] }]);
      expect(await total()).toBe(deals.length - homeless.length + 1);
      expect(await dealOf(homeless[0]!)).toMatchObject({ nextStep: 'Visit' });
      const { outcomes } = figures;
      expect(await api.get('/v1/reports/outcomes')).toMatchObject({ won: outcomes['won'], lost: outcomes['lost'] });
    });
  });

  return { company: () => ({ api, pipelineId }) };
};
