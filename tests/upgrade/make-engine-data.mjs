import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { EventStoreDBClient } from '@eventstore/db-client';
import { everyAnswer } from './make/answers.mjs';
import { Client, until } from './make/client.mjs';
import { catalogue, liveDeals, renameStage } from './make/deals.mjs';
import { documentsIn, messagesIn } from './make/engine-contents.mjs';
import { settledImports } from './make/imports.mjs';
import { erasePeople, livePeople } from './make/people.mjs';
import { Processes } from './make/processes.mjs';
import { keyedWrites, tokensAndTenants } from './make/tenants.mjs';
import { announcedTwo } from './make/under-way.mjs';

/**
 * Makes what lies on the engines of a distributed installation, `tests/upgrade/distributed`, anew:
 * `node tools/engines/dist/main.js run -- node tests/upgrade/make-engine-data.mjs <built checkout of the commit>`
 */
const checkout = process.argv[2];
const made = fileURLToPath(new URL('distributed/', import.meta.url));
const namespace = 'upgrade';
const { KAFKA_BROKERS: brokers, MONGODB_URL: mongo } = process.env;
const administrator = 'administrator-of-the-upgrade';
const masterKey = randomBytes(32).toString('base64');

const { spawnDouble } = await import(pathToFileURL(join(checkout, 'tools/eventstoredb-double/dist/index.js')).href);
const folder = mkdtempSync(join(tmpdir(), 'rapport-upgrade-'));
const double = await spawnDouble({ data: folder });
const settings = {
  ...{ RAPPORT_NAMESPACE: namespace, EVENTSTOREDB_URL: double.url, KAFKA_BROKERS: brokers, MONGODB_URL: mongo },
  ...{ RAPPORT_MASTER_KEY: masterKey, RAPPORT_LOG_LEVEL: 'info' },
};
const processes = await Processes.start(checkout, settings, administrator);
const api = new Client(processes.url, administrator);

const people = await livePeople(api);
const places = await catalogue(api);
const deals = await liveDeals(api, places, people);
await renameStage(api, places);
const imports = await settledImports(api, places.hardware.id);
const erased = await erasePeople(api, imports);
const keyed = await keyedWrites(api);
const secrets = await tokensAndTenants(api);
await api.post('/v1/operations/sales/projections/opportunities:rebuild');

const tokens = { administrator, ...secrets };
const today = new Date().toISOString().slice(0, 10);
const answers = [];
for (const as of ['administrator', 'acme'])
  for (const each of await everyAnswer(new Client(processes.url, tokens[as]), today)) answers.push({ as, ...each });

const underWay = await announcedTwo(api, places, { people: 300, deals: 300 });
await Promise.all(Object.values(underWay).map(({ path }) => api.post(`${path}:run`)));
const some = `/v1/contacts?limit=1&filter=${encodeURIComponent('externalId:"W-"')}`;
await until(
  () => api.get(some),
  ({ data }) => data.length > 0,
);
await processes.kill();
const facts = EventStoreDBClient.connectionString(double.url);
for (const [context, { id }] of [
  ['contacts', underWay.contacts],
  ['sales', underWay.opportunities],
])
  for await (const { event } of facts.readStream(`${namespace}_${context}.import-main-${id}`))
    if (event.type === 'ImportFinished') throw new Error('The imports were too fast. Try again.');
await facts.dispose();

rmSync(made, { recursive: true, force: true });
mkdirSync(made, { recursive: true });
const write = (file, content) => writeFileSync(join(made, `${file}.gz`), gzipSync(content, { level: 9 }));
write('documents.ndjson', await documentsIn(mongo, namespace));
write('messages.ndjson', await messagesIn(brokers, namespace));
await double.stop();
write('events.log', readFileSync(join(folder, 'events.log')));
rmSync(folder, { recursive: true });
writeFileSync(join(made, 'answers.ndjson'), answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
const known = {
  ...{ namespace, masterKey, tokens, consistency: api.consistency, keyed, underWay: { killed: underWay }, erased },
  deals: Object.fromEntries(Object.entries(deals).map(([name, { id }]) => [name, id])),
  pipelines: Object.fromEntries(['hardware', 'services', 'wholesale'].map((name) => [name, places[name].id])),
};
writeFileSync(join(made, 'known.json'), `${JSON.stringify(known, null, 2)}\n`);
