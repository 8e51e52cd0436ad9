import type { Position } from '@rapport/kernel';
import type { Document } from '@rapport/read-models';
import type { MongoConnection } from './mongo-connection.js';
import { catalogueOf } from './mongo-read-model-generations.js';
import { checkpointsOf } from './mongo-read-model-store.js';

/** What relays and reactions had remembered in the views, before it lay beside the facts. */
export interface BooksInViews {
  readonly checkpoints: readonly { readonly follower: string; readonly position: Position }[];
  /** Entries by list. */
  readonly lists: Readonly<Record<string, readonly Document[]>>;
}

/** What followers other than projections remembered in a database of views. */
export const booksInViews = (connection: MongoConnection): Promise<BooksInViews> =>
  connection.run(async () => {
    const checkpoints = await checkpointsOf(connection)
      .find({ _id: { $not: /@/ } })
      .toArray();
    const entry = await catalogueOf(connection).findOne({ _id: 'parked_events' });
    const parked: Document[] = [];
    for (const { collection } of entry?.generations ?? []) {
      const stored = await connection.collection<{ readonly document?: Document }>(collection).find().toArray();
      parked.push(...stored.flatMap(({ document }) => document ?? []));
    }
    return { checkpoints: checkpoints.map(({ _id, position }) => ({ follower: _id, position })), lists: { parked } };
  });
