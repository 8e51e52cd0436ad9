import { afterAll, beforeAll, it, jest } from '@jest/globals';
import { missingEngines } from '@rapport/engines';
import { describeWhere } from '../journeys/support/host-tools.js';
import { ProcessAssembly } from '../journeys/support/processes/process-assembly.js';
import { enginesLeft } from '../upgrade/kept/engines-left.js';
import { ofEngines } from '../upgrade/kept/kept-data.js';
import { Upgraded } from '../upgrade/kept/upgraded.js';

jest.setTimeout(300_000);

const missing = missingEngines('kafka', 'mongodb');

const upgrade = (): void => {
  let assembly: ProcessAssembly;
  const upgraded = (): Upgraded => new Upgraded(ofEngines, assembly.address);
  beforeAll(async () => {
    const engines = await enginesLeft(process.env['KAFKA_BROKERS']!, process.env['MONGODB_URL']!);
    const { masterKey, tokens } = ofEngines.known;
    const settings = { RAPPORT_MASTER_KEY: masterKey, RAPPORT_ADMIN_TOKEN: tokens.administrator };
    assembly = new ProcessAssembly(engines, { settings });
    await assembly.start();
  });
  afterAll(() => assembly.stop());

  it('go on with the imports that were under way', () => upgraded().finishesImports('killed'));
  it('answer everything as before, and after a restart', async () => {
    await upgraded().showsTheSame();
    await assembly.restart();
    await upgraded().showsTheSame();
  });
  it('know tokens, keys and positions of before', async () => {
    await upgraded().makesUsersOfRepresentatives();
    await upgraded().knowsTokens();
    await upgraded().remembersKeys();
    await upgraded().keepsConsistency();
  });
  it('close deals that stand in a stage of another name', () => upgraded().closesDealsOfRenamedStages());
};

describeWhere(missing, 'processes on what those of commit 82b3f68 left on their engines', upgrade);
