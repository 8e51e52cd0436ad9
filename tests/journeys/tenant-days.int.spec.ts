import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, Import, type List, Rapport } from './support/index.js';

interface Group {
  readonly key: readonly string[];
  readonly count: number;
}

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  api = rapport.api;
  await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
});
afterAll(() => rapport.stop());

/** It is never the same day in both. */
const [EAST, WEST] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];
const dayIn = (timeZone: string, instant: unknown): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(String(instant)));

const infoOf = ({ info }: Fields): Fields => info as Fields;

/** Resolves once what is new is of the day that it is there. */
const goneTo = async (timeZone: string): Promise<void> => {
  await api.patch('/v1/tenant', { timeZone });
  await eventually(async () => {
    const made = await api.post('/v1/opportunities', { name: 'Racks' });
    return made['openedOn'] === dayIn(timeZone, infoOf(made)['createdAt']);
  });
};

const wonBy = async (dimension: string): Promise<readonly (readonly [string, number])[]> => {
  const { data } = await api.get<{ data: readonly Group[] }>(`/v1/reports/won?groupBy=${dimension}`);
  return data.map(({ key, count }) => [key[0]!, count]);
};

describe('what a tenant sets', () => {
  it('decides its days: of what happens, of what is asked, and of what was counted before', async () => {
    await goneTo(WEST);
    const { id, pipelineId } = await api.post('/v1/opportunities', { name: 'Cables' });
    const won = await api.post<Fields>(`/v1/opportunities/${id}:win`, {});
    const [west, east] = [WEST, EAST].map((zone) => dayIn(zone, infoOf(won)['updatedAt']));
    expect(won['closedOn']).toBe(west);
    const wonAsOf = async (asOf: string | undefined): Promise<unknown> => {
      const path = `/v1/pipelines/${String(pipelineId)}/board?asOf=${asOf}`;
      const { columns } = await api.get<{ columns: readonly Fields[] }>(path);
      return columns.find(({ stage }) => stage === 'Won')!['count'];
    };
    await eventually(
      () => wonAsOf(west),
      (count) => count === 1,
    );
    await goneTo(EAST);
    await eventually(
      async () => [await wonAsOf(west), await wonAsOf(east)],
      ([before, after]) => before === 0 && after === 1,
    );
    const madeBefore = async (day: string | undefined): Promise<number> => {
      const filter = `name = Cables AND createdAt < ${day} AND updatedAt < ${day}`;
      return (await api.get<List<Fields>>(`/v1/opportunities?filter=${filter}`)).data.length;
    };
    const dayAfter = new Date(Date.parse(east!) + 86_400_000).toISOString().slice(0, 10);
    expect([await madeBefore(east), await madeBefore(dayAfter)]).toEqual([0, 1]);
    expect((await api.get(`/v1/opportunities/${id}?asOf=${east}`))['stage']).toBe('Won');
  });

  it('decides which quarter it was', async () => {
    const [month] = (await wonBy('month'))[0]!;
    const startsIn = (Number(month.slice(5)) % 12) + 1;
    await api.patch('/v1/tenant', { fiscalYearStartsIn: startsIn });
    // The month before a fiscal year is the last of one.
    const ending = startsIn === 1 ? month.slice(0, 4) : `FY${month.slice(0, 4)}`;
    const quarters = await eventually(
      () => wonBy('quarter'),
      ([[quarter] = ['']]) => quarter === `${ending}-Q4`,
    );
    expect(quarters).toEqual([[`${ending}-Q4`, 1]]);
    expect(await wonBy('year')).toEqual([[ending, 1]]);
  });

  it('says in which currency amounts of a file are that name none', async () => {
    await api.patch('/v1/tenant', { currency: 'NZD' });
    const file = ['Name,Price', 'GTX Pro,10.50', ''].join('\n');
    const tried = await Import.of(api, 'products', file);
    await eventually(
      () => tried.validate(),
      ({ counts }) => counts!['failed'] === 0,
    );
    await tried.run();
    const { data } = await api.get<List<Fields>>('/v1/products');
    expect(data[0]!['price']).toEqual({ minor: 1050, currency: 'NZD' });
  });
});
