import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client, until } from './client.mjs';
import { announced } from './imports.mjs';
import { Server } from './server.mjs';

/** An import saves how far it has come behind every 500 rows. */
const [PEOPLE, DEALS, TO_CHECKPOINT] = [150, 620, 500];
const TRIES = 50;

const people = (length) => {
  const rows = Array.from({ length }, (_, n) => `W-${n},Worker ${n},w${n}@under-way.example,Engines`);
  return ['Contact ID,Last Name,Email,Labels', ...rows].join('\n');
};
const deals = (length) => {
  const rows = Array.from(
    { length },
    (_, n) => `W-${n},Deal ${n},${n % 2 ? 'Gather' : 'Collect'},2018-0${1 + (n % 9)}-10,${n}`,
  );
  return ['opportunity_id,opportunity,deal_stage,engage_date,value', ...rows].join('\n');
};

/** When the server is ended, and what then stands in the files. */
const MOMENTS = {
  // Of the people some rows are stored and no checkpoint is; of the deals one checkpoint and some rows behind it.
  kill: {
    come: ({ people, checkpoints }) => people >= PEOPLE / 5 && checkpoints === 1,
    left: ({ people, deals, checkpoints }) => people < PEOPLE && deals < DEALS && checkpoints === 1,
  },
  // The rows in hand are finished and saved; both imports go on later.
  stop: {
    come: ({ people, deals }) => people > 0 && deals > 0,
    left: ({ people, deals, finished }) => people === PEOPLE && deals === TO_CHECKPOINT && finished === 0,
  },
};

/** A copy of the folder whose server was ended, by `kill` or `stop`, while two imports were at work. */
export const endedUnderWay = async ({ checkout, from, to, token, end }, places) => {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
    const server = await Server.start(checkout, to);
    const files = openFiles(to);
    const half = () => end === 'stop' || files.look().deals > DEALS / 2;
    const imports = await begun(new Client(server.url, token), places, half);
    for (let seen = files.look(); !MOMENTS[end].come(seen) && seen.finished === 0;) seen = files.look();
    await server[end]();
    const left = files.look();
    files.close();
    if (MOMENTS[end].left(left)) return imports;
  }
  throw new Error(`The imports were never caught at work in ${TRIES} tries.`);
};

const begun = async (api, places, half) => {
  const imports = await announcedTwo(api, places, { people: PEOPLE, deals: DEALS });
  await api.post(`${imports.opportunities.path}:run`);
  await until(half);
  await api.post(`${imports.contacts.path}:run`);
  return imports;
};

/** Two imports that can be run, with as many rows as given. */
export const announcedTwo = async (api, { wholesale }, rows) => {
  const contacts = await announced(api, 'contacts', 'under-way', people(rows.people));
  const values = [{ field: 'stage', from: 'Gather', to: 'collect ' }];
  const settings = { currency: 'USD', pipelineId: wholesale.id, values };
  const opportunities = await announced(api, 'opportunities', 'under-way', deals(rows.deals), settings);
  return { contacts: { ...contacts, rows: rows.people }, opportunities: { ...opportunities, rows: rows.deals } };
};

/** What is stored, seen from outside and without waiting. */
const openFiles = (data) => {
  const open = (file) => new DatabaseSync(join(data, file), { readOnly: true });
  const [contacts, sales] = [open('contacts.db'), open('sales.db')];
  const rows = `SELECT count(*) AS n FROM events WHERE data LIKE '%"externalId":"W-%'`;
  const ofLastRun = `stream = (SELECT stream FROM events WHERE type = 'ImportStarted' ORDER BY position DESC LIMIT 1)`;
  const happened = (type) => `SELECT count(*) AS n FROM events WHERE type = '${type}' AND ${ofLastRun}`;
  const asked = {
    people: contacts.prepare(rows),
    deals: sales.prepare(rows),
    checkpoints: sales.prepare(happened('ImportProgressed')),
    finished: sales.prepare(happened('ImportFinished')),
  };
  return {
    look: () => Object.fromEntries(Object.entries(asked).map(([name, statement]) => [name, statement.get().n])),
    close: () => [contacts, sales].forEach((file) => file.close()),
  };
};
