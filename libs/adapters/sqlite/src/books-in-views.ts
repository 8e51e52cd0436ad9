import type { BooksInViews, Entry } from '@rapport/event-store';
import type { SqliteDatabase } from './database.js';
import { tableName } from './sqlite-read-model-table.js';

/** What followers other than projections remembered in a file of views before {@link SqliteBookkeeping}. */
export const booksInViews = (views: SqliteDatabase): BooksInViews => {
  const checkpoints = views
    .prepare(`SELECT follower, position FROM read_model_checkpoints WHERE follower NOT LIKE '%@%'`)
    .all() as unknown as BooksInViews['checkpoints'];
  const tables = views.prepare(`SELECT table_id FROM read_model_generations WHERE name = 'parked_events'`).all();
  const parked = tables
    .flatMap(({ table_id }) => views.prepare(`SELECT document FROM ${tableName(Number(table_id))}`).all())
    .map(({ document }) => JSON.parse(document as string) as Entry);
  return { checkpoints, lists: { parked } };
};
