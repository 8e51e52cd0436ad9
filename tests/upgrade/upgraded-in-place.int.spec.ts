import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfig } from '@rapport/config';
import { type Standalone, standaloneSettings, startStandalone } from '@rapport/standalone';
import type { Fields, List } from '../journeys/support/api.js';
import { remainsOf } from '../journeys/support/remains.js';
import { rebuildAll } from '../journeys/support/contents.js';
import { dataLeft, ofFolder } from './kept/kept-data.js';
import { Upgraded } from './kept/upgraded.js';

const open = (data: string): Promise<Standalone> => {
  const settings = { RAPPORT_PORT: '0', RAPPORT_RATE_LIMIT: '0', RAPPORT_LOG_LEVEL: 'error', RAPPORT_DATA: data };
  return startStandalone(parseConfig(standaloneSettings, settings).config);
};

describe.each(['killed', 'stopped'] as const)('a data folder of commit 82b3f68 whose server was %s', (ending) => {
  const data = dataLeft(ending);
  let standalone: Standalone;
  const upgraded = (): Upgraded => new Upgraded(ofFolder, standalone.address);
  beforeAll(async () => void (standalone = await open(data.path)));
  afterAll(async () => {
    await standalone.close();
    data.remove();
  });

  describe.each(['once', 'again'])('opened %s', (time) => {
    beforeAll(async () => {
      if (time === 'once') return;
      await standalone.close();
      standalone = await open(data.path);
    });

    it('goes on with the imports that were under way', () => upgraded().finishesImports(ending));
    it('answers everything as before', () => upgraded().showsTheSame());
    it('has a user for everybody who sells', () => upgraded().makesUsersOfRepresentatives());
    it('knows tokens, keys and positions of before', async () => {
      await upgraded().knowsTokens();
      await upgraded().remembersKeys();
      await upgraded().keepsConsistency();
    });
  });

  it('lets somebody handle what was parked, and closes deals that stand in a stage of another name', async () => {
    const api = upgraded().api;
    const parked = () => api.get<List<Fields>>('/v1/operations/contacts/parked');
    const [{ id }] = (await parked()).data as [Fields];
    expect(await api.post('/v1/operations/contacts/parked:replay', { id })).toEqual({ id, verdict: 'done' });
    expect((await parked()).data).toEqual([]);
    await upgraded().closesDealsOfRenamedStages();
  });

  it('has no word of anybody who was erased, and shows the same after a rebuild', async () => {
    const api = upgraded().api;
    const before = await api.all<Fields>('/v1/opportunities', { limit: '200', archived: 'true', sort: 'id' });
    expect(await rebuildAll(api)).toEqual(expect.arrayContaining(['contacts', 'opportunities', 'imports']));
    const after = await api.all<Fields>('/v1/opportunities', { limit: '200', archived: 'true', sort: 'id' });
    expect(after).toEqual(before);
    await standalone.close();
    expect(remainsOf(data.path, ofFolder.known.erased.names)).toEqual([]);
    standalone = await open(data.path);
  });
});
