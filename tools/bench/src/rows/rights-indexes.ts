import { join } from 'node:path';
import { contactsService } from '@rapport/contacts';
import type { Collection, CollectionDeclaration, Document, ReadModelStore } from '@rapport/read-models';
import { openDatabase, SqliteReadModelStore, VIEWS_SCHEMA } from '@rapport/sqlite';
import { whole } from '../report/figures.js';
import type { Row } from '../row.js';
import { crowdDocuments } from '../workplace/crowd.js';
import { TENANT } from '../workplace/events.js';
import type { Workplace } from '../workplace/workplace.js';

/** By what lists are narrowed for whoever sees a part. */
const OF_RIGHTS: ReadonlySet<string> = new Set(['ownerId', 'teamId', 'shared']);
/** Documents of a transaction: as an import's followers take them, and one by one, as creates do that are not many at once. */
const PAGES = { 'an import': 2_000, 'a create': 1 } as const;

/** What the indexes by which rights are judged cost whoever writes: the same documents into a list with them and into one without. */
export const indexesOfRights = async (workplace: Workplace): Promise<Row> => {
  const views = openDatabase({
    ...{ file: join(workplace.folder('rights-indexes'), 'views.db'), schema: VIEWS_SCHEMA },
    ...{ secureDelete: true, derived: true },
  });
  const store = new SqliteReadModelStore(views);
  const { declaration } = contactsService.projections.find((each) => each.declaration.name === 'contacts')!;
  const isKept = ([first]: readonly string[]): boolean => !OF_RIGHTS.has(first!);
  const bare = { ...declaration, name: 'bare', lookups: (declaration.lookups ?? []).filter(isKept) };
  const costs: string[] = [];
  let [dearest, at] = [0, 0];
  for (const [what, page] of Object.entries(PAGES)) {
    const pages = workplace.quick ? 5 : page === 1 ? 2_000 : 25;
    const lists = await Promise.all([made(store, bare, what), made(store, declaration, what)]);
    const spent = [0, 0];
    for (let n = 0; n < pages; n += 1, at += page)
      for (const [which, list] of lists.entries()) spent[which]! += await written(store, list, at, page);
    const [without, within] = spent.map((each) => (each * 1_000) / (pages * page)) as [number, number];
    dearest = Math.max(dearest, within / without);
    costs.push(`${what}: ${whole(within)} µs a document, ${whole(without)} µs without`);
  }
  await views.close();
  return {
    what: 'indexes by owner, team and shares, written along',
    figure: costs.join('; '),
    limit: 'the same documents without these indexes',
    ratio: dearest,
    aim: '',
    notes: [
      'Into two lists in turns, with every other index in place. Each contact has an owner and a team, few are shared.',
    ],
  };
};

const made = async (
  store: ReadModelStore,
  declaration: CollectionDeclaration,
  what: string,
): Promise<Collection<Document>> => {
  const collection = await store.collection(declaration, what.replaceAll(' ', '-'));
  await store.index(collection);
  return collection;
};

/** Milliseconds. */
const written = async (
  store: ReadModelStore,
  collection: Collection<Document>,
  from: number,
  count: number,
): Promise<number> => {
  const documents = crowdDocuments(from, from + count, 500_000);
  const writes = documents.map(({ document, position }) => ({
    ...{ collection, tenant: TENANT, id: document.id, position, document },
  }));
  const began = performance.now();
  await store.write({ writes });
  return performance.now() - began;
};
