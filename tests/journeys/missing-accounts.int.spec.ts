import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, Import, type ImportedRow, type List, Rapport } from './support/index.js';

const HEADER = 'Opportunity ID,Opportunity,Account,Stage';
const file = (...rows: readonly string[]): string => [HEADER, ...rows, ''].join('\n');
const deals = file('D-1,Racks,Acme,New', 'D-2,Servers,Bolt,New', 'D-3,Cables, bolt,New', 'D-4,Fans,Cora,New');

const isStandalone = (process.env['RAPPORT_ASSEMBLY'] ?? 'standalone') === 'standalone';

describe.each(isStandalone ? [['thread'], ['together']] : [['on']])(
  'an import of opportunities, followers %s',
  (followers) => {
    let rapport: Rapport;
    beforeAll(async () => {
      rapport = await Rapport.start({ RAPPORT_FOLLOWERS: followers });
      await rapport.api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
      await rapport.api.post('/v1/accounts', { name: 'Acme' });
    });
    afterAll(() => rapport.stop());

    const accounts = async (): Promise<readonly string[]> =>
      (await rapport.api.get<List<Fields>>('/v1/accounts?limit=100')).data.map(({ name }) => String(name)).sort();
    const accountOf = async (name: string): Promise<unknown> =>
      (await rapport.api.get<List<Fields>>(`/v1/opportunities?filter=${encodeURIComponent(`name = "${name}"`)}`))
        .data[0]!['accountName'];
    const created = (rows: readonly ImportedRow[]): readonly unknown[] =>
      rows.map(({ creates = [] }) => creates.map(({ name }) => name));

    it('takes accounts that nobody has for typing mistakes', async () => {
      const imported = await Import.of(rapport.api, 'opportunities', deals);
      expect((await imported.validate()).counts).toMatchObject({ created: 1, failed: 3 });
      const [first] = await imported.rows('failed');
      expect(first!.problems).toMatchObject([{ code: 'unknown-account' }]);
    });

    it('tells which of them it would create, and creates none before it runs', async () => {
      const imported = await Import.of(rapport.api, 'opportunities', deals, { createMissing: ['account'] });
      expect((await imported.validate()).counts).toMatchObject({ created: 4 });
      expect(created(await imported.rows())).toEqual([[], ['Bolt'], ['bolt'], ['Cora']]);
      expect(await accounts()).toEqual(['Acme']);
      expect((await imported.run()).counts).toMatchObject({ created: 4 });
      expect(await accounts()).toEqual(['Acme', 'Bolt', 'Cora']);
      expect(await Promise.all(['Racks', 'Servers', 'Cables', 'Fans'].map(accountOf))).toEqual([
        'Acme',
        'Bolt',
        'Bolt',
        'Cora',
      ]);
    });

    it('creates none again, also after a restart, and refuses rows whose account cannot be', async () => {
      await rapport.restart();
      const settings = { createMissing: ['account'] };
      const again = await Import.run(rapport.api, 'opportunities', deals, settings);
      expect((await again.view()).counts).toMatchObject({ unchanged: 4 });
      const others = file('E-1,Lamps,BOLT,New', `E-2,Bulbs,${'x'.repeat(2000)},New`, 'E-3,Sockets,Dora,New');
      const imported = await Import.run(rapport.api, 'opportunities', others, settings);
      expect((await imported.view()).counts).toMatchObject({ created: 2, failed: 1 });
      expect((await imported.rows('failed'))[0]).toMatchObject({ row: 2, problems: [{ code: 'invalid-request' }] });
      expect(await accounts()).toEqual(['Acme', 'Bolt', 'Cora', 'Dora']);
      expect(await accountOf('Lamps')).toBe('Bolt');
    });

    it('can create nothing else', async () => {
      const imported = Import.of(rapport.api, 'opportunities', deals, { createMissing: ['stage'] });
      await expect(imported).rejects.toThrow('only owner, product, account');
    });
  },
);
