import { join } from 'node:path';
import { scopeOf } from '@rapport/access';
import { contactsService } from '@rapport/contacts';
import type { Policy } from '@rapport/kernel';
import { MongoReadModelStore, openMongo } from '@rapport/mongo';
import type { Collection, Document, Query, ReadModelStore, Scope } from '@rapport/read-models';
import { queryOf } from '@rapport/service-kit';
import { openDatabase, SqliteReadModelStore, VIEWS_SCHEMA } from '@rapport/sqlite';
import { median, milliseconds, percentile, whole } from '../report/figures.js';
import type { Bench, Row } from '../row.js';
import { cityOf, contactOf } from '../workplace/contacts.js';
import { TENANT } from '../workplace/events.js';
import { crowdDocuments, type Reader, readersOf } from '../workplace/crowd.js';
import type { Workplace } from '../workplace/workplace.js';
import { indexesOfRights } from './rights-indexes.js';

/** How many contacts there are: `RAPPORT_BENCH_CONTACTS` says otherwise. */
const CONTACTS = 500_000;
/** Documents written at a time. */
const PAGE = 2_000;
/** From half of all up a page may take so many times what the administrator's takes; below, so long. */
const MOST_TIMES = 1.3;
const MOST_MILLISECONDS = 50;
/** A question is asked so often at least, and then no longer than this. */
const LEAST_REQUESTS = 10;
const LONGEST_MILLISECONDS = 3_000;
/** Not part of a page: that is asked for, and has no aim. */
const WITH_TOTAL = 'by name, with total';

/** What lists are asked for: the n-th request, so that nothing is answered from a cache. */
const QUESTIONS: Readonly<Record<string, (n: number) => object>> = {
  'by name': () => ({}),
  'newest first': () => ({ sort: '-createdAt' }),
  'of a city': (n) => ({ filter: `address.city = "${cityOf(n)}"` }),
  'of a part of a name': (n) => ({ filter: `lastName:"${contactOf(n).lastName.slice(1, 5)}"` }),
  [WITH_TOTAL]: () => ({ total: true }),
};

/** Pages of a long list for people who see a part of it, beside the same pages for who sees everything. */
export const rights: Bench = {
  name: 'rights',
  async measure(workplace) {
    const file = join(workplace.folder('rights'), 'views.db');
    const views = openDatabase({ file, schema: VIEWS_SCHEMA, secureDelete: true, derived: true });
    const rows = [await onEngine(workplace, 'SQLite', new SqliteReadModelStore(views))];
    await views.close();
    rows.push(await indexesOfRights(workplace));
    const url = process.env['MONGODB_URL'];
    if (url) {
      const mongo = await openMongo({ url, database: `bench_${process.pid}`, appName: 'rapport-bench' });
      rows.push(await onEngine(workplace, 'MongoDB', new MongoReadModelStore(mongo)));
      await mongo.mongoose.dropDatabase();
      await mongo.close();
    }
    return rows;
  },
};

const onEngine = async (workplace: Workplace, engine: string, store: ReadModelStore): Promise<Row> => {
  const size = Number(process.env['RAPPORT_BENCH_CONTACTS'] ?? (workplace.quick ? 10_000 : CONTACTS));
  const requests = workplace.quick ? 20 : 60;
  const collection = await filled(store, size);
  const readers = readersOf(size);
  const administrator: Reader = { name: 'administrator', sees: size };
  const measured: Measured[] = [];
  for (const [question, request] of Object.entries(QUESTIONS))
    for (const reader of readers) {
      const times = await inTurns(collection, [administrator, reader], request, requests);
      measured.push({ reader, question, all: times[0]!, own: times[1]! });
    }
  return rowOf(engine, size, measured);
};

interface Measured {
  readonly reader: Reader;
  readonly question: string;
  /** Milliseconds of each request: the administrator's, and the reader's. */
  readonly all: readonly number[];
  readonly own: readonly number[];
}

const filled = async (store: ReadModelStore, size: number): Promise<Collection<Document>> => {
  const { declaration } = contactsService.projections.find((each) => each.declaration.name === 'contacts')!;
  const collection = await store.collection(declaration, 'filled');
  for (let from = 0; from < size; from += PAGE) {
    const documents = crowdDocuments(from, Math.min(from + PAGE, size), size);
    const writes = documents.map(({ document, position }) => ({
      ...{ collection, tenant: TENANT, id: document.id, position, document },
    }));
    await store.write({ writes });
  }
  await store.index(collection);
  return collection;
};

/** One after the other, so that both have the same machine. */
const inTurns = async (
  collection: Collection<Document>,
  readers: readonly Reader[],
  request: (n: number) => object,
  requests: number,
): Promise<readonly (readonly number[])[]> => {
  const times = readers.map((): number[] => []);
  const scopes = readers.map(({ policy }) => scopeFor(policy));
  const endBy = performance.now() + LONGEST_MILLISECONDS;
  for (let n = -5; n < requests && (n < LEAST_REQUESTS || performance.now() < endBy); n += 1)
    for (const [at, scope] of scopes.entries()) {
      const query: Query = queryOf(request(n + 5), collection.declaration, [{ field: 'lastName' }]);
      const began = performance.now();
      await collection.query(scope, query);
      if (n >= 0) times[at]!.push(performance.now() - began);
    }
  return times;
};

const scopeFor = (policy: Policy | undefined): Scope =>
  scopeOf({ tenant: TENANT, ...(policy && { policy }) }, 'contact', 'read');

const times = ({ all, own }: Measured): number => median(own) / median(all);
const isMet = (each: Measured, size: number): boolean =>
  each.reader.sees >= size / 2 ? times(each) <= MOST_TIMES : percentile(each.own, 0.95) <= MOST_MILLISECONDS;

const rowOf = (engine: string, size: number, measured: readonly Measured[]): Row => {
  const pages = measured.filter(({ question }) => question !== WITH_TOTAL);
  const few = pages.filter(({ reader }) => reader.sees < size / 2);
  const many = pages.filter(({ reader }) => reader.sees >= size / 2);
  const slowest = few.reduce((worst, each) =>
    percentile(each.own, 0.95) > percentile(worst.own, 0.95) ? each : worst,
  );
  const dearest = many.reduce((worst, each) => (times(each) > times(worst) ? each : worst));
  const said = ({ reader, question }: Measured): string => `${reader.name}, ${question}`;
  return {
    what: `list page by rights, ${whole(size)} contacts on ${engine}`,
    figure: `${times(dearest).toFixed(2)} × the administrator's (${said(dearest)}); p95 ${milliseconds(percentile(slowest.own, 0.95))} (${said(slowest)})`,
    limit: `the administrator's: by name p50 ${milliseconds(median(measured[0]!.all))}`,
    aim: `≤ ${MOST_TIMES} × from half of all up, else p95 ≤ ${MOST_MILLISECONDS} ms`,
    met: pages.every((each) => isMet(each, size)),
    table: [
      ['who sees', ...Object.keys(QUESTIONS)],
      ...[...new Set(measured.map(({ reader }) => reader))].map((reader) => [
        `${whole(reader.sees)} (${reader.name})`,
        ...measured
          .filter((each) => each.reader === reader)
          .map(
            (each) =>
              `p50 ${milliseconds(median(each.own))}, p95 ${milliseconds(percentile(each.own, 0.95))}, ${times(each).toFixed(2)} ×`,
          ),
      ]),
    ],
    notes: [
      'Pages of 50, asked of the store itself, with the scope that a policy of such a role makes; the administrator and the reader ask in turns, the ratio is that of the medians.',
      'Contacts have 2,000 owners and 150 teams; some are shared.',
    ],
  };
};
