import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, Import, type List, Rapport } from './support/index.js';

let rapport: Rapport;
beforeAll(async () => {
  rapport = await Rapport.start();
  const stages = [{ name: 'Engaging', probability: 50 }];
  await rapport.api.post('/v1/pipelines', { name: 'Hardware', currency: 'USD', stages });
});
afterAll(() => rapport.stop());

const namesOf = async (list: string): Promise<unknown[]> =>
  (await rapport.api.get<List<Fields>>(`/v1/${list}`)).data.map(({ name }) => name);

interface Row {
  readonly row: number;
  readonly outcome: string;
  readonly creates?: readonly object[];
  readonly problems?: readonly { readonly code: string }[];
}
const rowsOf = async ({ path }: Import): Promise<unknown[]> =>
  (await rapport.api.get<List<Row>>(`${path}/rows`)).data.map(({ outcome, creates = [], problems = [] }) => [
    outcome,
    ...creates,
    ...problems.map(({ code }) => code),
  ]);

const DEALS = `opportunity_id,opportunity,product,sales_agent,deal_stage,engage_date
D-1,Racks,GTX Pro,Ada Lovelace,Engaging,2017-03-01
D-2,More racks,gtx  pro,Ada Lovelace,Engaging,2017-03-01
D-3,Never,MG Special,Ada Lovelace,Engaging,never
D-4,Mistaken,${'x'.repeat(301)},Ada Lovelace,Engaging,2017-03-01
`;

const BY_AGENT = { field: 'owner' };

describe('records that an import’s rows name and nobody has', () => {
  it('are typing mistakes, unless it is asked to create them', async () => {
    const strict = await Import.of(rapport.api, 'opportunities', DEALS);
    await strict.validate();
    expect((await rowsOf(strict))[0]).toEqual(['failed', 'unknown-product', 'unknown-representative']);
  });

  it('are told by the dry run, and created once by the run, for sound rows only', async () => {
    const settings = { createMissing: ['product', 'owner'] };
    const deals = await Import.of(rapport.api, 'opportunities', DEALS, settings);
    const rows = [
      ['created', { field: 'product', name: 'GTX Pro' }, BY_AGENT],
      ['created', { field: 'product', name: 'gtx  pro' }, BY_AGENT],
      ['failed', 'bad-date'],
      ['failed', 'too-long'],
    ];
    await deals.validate();
    expect(await rowsOf(deals)).toEqual(rows);
    expect([await namesOf('products'), await namesOf('representatives')]).toEqual([[], []]);
    await deals.run();
    expect(await rowsOf(deals)).toEqual(rows);
    expect([await namesOf('products'), await namesOf('representatives')]).toEqual([['GTX Pro'], ['Ada Lovelace']]);
    const [deal] = (await rapport.api.get<List<Fields>>('/v1/opportunities')).data;
    expect(deal).toMatchObject({ productName: 'GTX Pro', ownerName: 'Ada Lovelace' });
    const again = await Import.run(rapport.api, 'opportunities', DEALS, settings);
    expect((await rowsOf(again)).slice(0, 2)).toEqual([
      ['unchanged'],
      ['unchanged', { field: 'product', name: 'gtx  pro' }],
    ]);
    expect(await namesOf('products')).toEqual(['GTX Pro']);
  });

  it('are accounts of contacts as well; one that is called otherwise today is still it', async () => {
    const people = 'First Name,Email,Company\nAda,ada@example.org,Acme\nBo,bo@example.org,Acme\n';
    const settings = { createMissing: ['account'] };
    await Import.run(rapport.api, 'contacts', people, settings);
    const [account, ...others] = (await rapport.api.get<List<Fields>>('/v1/accounts')).data;
    expect([account, others]).toMatchObject([{ name: 'Acme' }, []]);
    await rapport.api.patch(`/v1/accounts/${String(account!.id)}`, { name: 'Acme Corporation' });
    const later = await Import.run(rapport.api, 'contacts', people, settings);
    expect((await rowsOf(later))[0]).toEqual(['unchanged', { field: 'account', name: 'Acme' }]);
  });
});
