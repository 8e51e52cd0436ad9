import { everythingOf } from '@rapport/access';
import { join } from 'node:path';
import { contactsService } from '@rapport/contacts';
import { CachedKeyStore, MasterKey, type PersonalFields, SealedEventStore } from '@rapport/privacy';
import { LiveProjection, type Projection } from '@rapport/processing';
import { salesService } from '@rapport/sales';
import {
  openDatabase,
  SERVICE_SCHEMA,
  SqliteEventStore,
  SqliteKeyStore,
  SqliteReadModelStore,
  VIEWS_SCHEMA,
} from '@rapport/sqlite';
import { perSecond, whole } from '../report/figures.js';
import type { Bench, Row } from '../row.js';
import { encrypted } from './sealing.js';
import {
  accountEvents,
  contactEvents,
  opportunityEvents,
  TENANT,
  write,
  type StoredEvent,
} from '../workplace/events.js';
import { writeRaw } from '../workplace/raw-documents.js';
import type { Workplace } from '../workplace/workplace.js';

/** Of what writing by hand reaches. */
const SHARE = 0.5;
const UNSEALED_PER_SECOND = 15_000;

interface Subject {
  readonly what: string;
  readonly isSealed?: boolean;
  readonly projection: Projection;
  readonly personal: PersonalFields;
  readonly make: (from: number, to: number) => readonly StoredEvent[];
  readonly note: string;
}

const named = (projections: readonly Projection[], name: string): Projection => {
  const found = projections.find(({ declaration }) => declaration.name === name);
  if (!found) throw new Error(`There is no projection "${name}" any more.`);
  return found;
};

const SUBJECTS: readonly Subject[] = [
  {
    what: 'contacts, personal fields sealed',
    isSealed: true,
    projection: named(contactsService.projections, 'contacts'),
    personal: contactsService.personal ?? {},
    make: contactEvents,
    note: 'One event and one key per person, no key in memory: the first start after a long time.',
  },
  {
    what: 'accounts, nothing sealed',
    projection: named(contactsService.projections, 'accounts'),
    personal: contactsService.personal ?? {},
    make: accountEvents,
    note: 'One event per company.',
  },
  {
    what: 'opportunities with board and won-value cells',
    projection: named(salesService.projections, 'opportunities'),
    personal: salesService.personal ?? {},
    make: opportunityEvents,
    note: 'Three events per opportunity: created, moved, won or lost; two cell projections.',
  },
];

/** Read models built from the first event, as a service does it that has lost them. */
export const projection: Bench = {
  name: 'projection',
  async measure(workplace) {
    const rows: Row[] = [];
    for (const subject of SUBJECTS) rows.push(await catchUp(workplace, subject));
    return rows;
  },
};

const catchUp = async (workplace: Workplace, subject: Subject): Promise<Row> => {
  const count = workplace.quick ? 10_000 : 100_000;
  const folder = workplace.folder(`projection-${subject.projection.declaration.name}`);
  const filled = open(folder, subject.personal);
  await write(filled.events, count, subject.make);
  await filled.close();
  const { events, readModels, close } = open(folder, subject.personal);
  const live = new LiveProjection({ events, readModels }, subject.projection);
  const began = performance.now();
  await live.start();
  await live.settled();
  const elapsed = performance.now() - began;
  const { handled } = live.progress;
  const documents = await live.documents.count(everythingOf(TENANT));
  await live.stop();
  await close();
  if (handled !== count || documents === 0) throw new Error(`${handled} of ${count} events were handled.`);
  const rate = (count * 1_000) / elapsed;
  const writing = writeRaw(join(folder, 'views.db'), join(folder, 'raw.db'), count);
  const opening = subject.isSealed ? (encrypted(count).open * count) / 1_000 : 0;
  const limit = (count * 1_000) / (writing + opening);
  const isFast = rate >= SHARE * limit && (subject.isSealed || rate >= UNSEALED_PER_SECOND);
  return {
    what: `projection catch-up: ${subject.what}`,
    figure: `${perSecond(rate)} events`,
    limit: `the same rows written raw${subject.isSealed ? ', each event decrypted' : ''}: ${perSecond(limit)}`,
    ratio: rate / limit,
    aim: `≥ ${SHARE}${subject.isSealed ? '' : `, ≥ ${whole(UNSEALED_PER_SECOND)}/s`}`,
    met: isFast,
    notes: [
      `${whole(count)} events became ${whole(documents)} documents in ${(elapsed / 1_000).toFixed(2)} s, written page by page with their checkpoint, and at last their indexes. ${subject.note}`,
      'Raw: the rows that the lists hold at the end, into the same tables and indexes, in as many transactions as there are pages of events; the indexes grow with them. Published, on other machines: Marten sample 8,685/s; EventStoreDB projections 5,400–6,000/s.',
      'The file was closed and opened again before; the operating system still has it in its cache.',
    ],
  };
};

/** As standalone has it: facts and keys on the disk before they count, views in a file of their own. */
const open = (folder: string, personal: PersonalFields) => {
  const database = openDatabase({ file: join(folder, 'service.db'), schema: SERVICE_SCHEMA, secureDelete: true });
  const keys = new CachedKeyStore(new SqliteKeyStore(database, MasterKey.fromFile(join(folder, 'master.key'))));
  const events = new SealedEventStore(new SqliteEventStore(database), keys, personal);
  const views = openDatabase({
    file: join(folder, 'views.db'),
    schema: VIEWS_SCHEMA,
    secureDelete: true,
    derived: true,
  });
  const close = async (): Promise<void> => {
    await events.close();
    await views.close();
    await database.close();
  };
  return { events, readModels: new SqliteReadModelStore(views), close };
};
