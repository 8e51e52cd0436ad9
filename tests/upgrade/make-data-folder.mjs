import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { everyAnswer } from './make/answers.mjs';
import { forgetfulBus, lostUpdate, parkedErasure } from './make/bad-luck.mjs';
import { Client } from './make/client.mjs';
import { catalogue, liveDeals, renameStage } from './make/deals.mjs';
import { settledImports } from './make/imports.mjs';
import { erasePeople, livePeople } from './make/people.mjs';
import { Server } from './make/server.mjs';
import { keyedWrites, tokensAndTenants } from './make/tenants.mjs';
import { endedUnderWay } from './make/under-way.mjs';

/**
 * Makes the data folders and the answers of `tests/upgrade/standalone` anew:
 * `node tests/upgrade/make-data-folder.mjs <built checkout of the commit whose data it shall be>`
 */
const checkout = process.argv[2];
const made = fileURLToPath(new URL('standalone/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'rapport-upgrade-'));
const data = join(work, 'data');

/** Everything that happens before the imports that never end. */
const lived = async (api) => {
  const people = await livePeople(api);
  const places = await catalogue(api);
  const deals = await liveDeals(api, places, people);
  await renameStage(api, places);
  const imports = await settledImports(api, places.hardware.id);
  const erased = await erasePeople(api, imports);
  const keyed = await keyedWrites(api);
  const secrets = await tokensAndTenants(api);
  await api.post('/v1/operations/sales/projections/opportunities:rebuild');
  const lost = await lostUpdate(api, data, { ...people.accounts.compilers, name: 'Compilers & Sons' });
  const parked = await parkedErasure(api, data);
  return { places, deals, erased, keyed, secrets, lost, parked };
};

const first = await Server.start(checkout, data);
const administrator = first.token;
const client = new Client(first.url, administrator);
const { places, deals, erased, keyed, secrets, lost, parked } = await lived(client);
await first.stop();

const second = await forgetfulBus(checkout, data, administrator);
const tokens = { administrator, ...secrets };
const today = new Date().toISOString().slice(0, 10);
const answers = [];
for (const as of ['administrator', 'acme'])
  for (const each of await everyAnswer(new Client(second.url, tokens[as]), today)) answers.push({ as, ...each });
await second.stop();

const from = { checkout, from: data, token: administrator };
const underWay = {
  killed: await endedUnderWay({ ...from, to: join(work, 'killed'), end: 'kill' }, places),
  stopped: await endedUnderWay({ ...from, to: join(work, 'stopped'), end: 'stop' }, places),
};

rmSync(made, { recursive: true, force: true });
for (const folder of ['killed', 'stopped']) {
  mkdirSync(join(made, folder), { recursive: true });
  for (const file of readdirSync(join(work, folder)))
    writeFileSync(join(made, folder, `${file}.gz`), gzipSync(readFileSync(join(work, folder, file)), { level: 9 }));
}
writeFileSync(join(made, 'answers.ndjson'), answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
const known = {
  ...{ tokens, consistency: client.consistency, keyed, lost, underWay },
  erased: { names: [...erased.names, ...parked.names], receipts: erased.receipts, parked: parked.id },
  deals: Object.fromEntries(Object.entries(deals).map(([name, { id }]) => [name, id])),
  pipelines: Object.fromEntries(['hardware', 'services', 'wholesale'].map((name) => [name, places[name].id])),
};
writeFileSync(join(made, 'known.json'), `${JSON.stringify(known, null, 2)}\n`);
rmSync(work, { recursive: true });
