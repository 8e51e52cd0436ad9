import type { DocumentWrite } from '@rapport/read-models';
import { mongo } from 'mongoose';
import { collisions } from './collisions.js';
import { storedId, type StoredDocument, type StoredFields } from './mongo-read-model-fields.js';

/** Whether there is a document with an `_id`, as far as was looked. It may have come meanwhile; it never goes. */
export type Seen = Map<string, boolean>;

/**
 * Stores each document that is newer than the stored one; whether any document is new. What was seen missing is inserted,
 * which MongoDB does in bulk; anything else is an upsert that looks for an older document.
 *
 * Either collides with the document's `_id` where a newer one is there, or where another process has just put any there.
 * What collided is repeated as plain updates, for which there is an older document or there is not: so the newest wins
 * however processes race.
 */
export const putNewer = async (
  collection: mongo.Collection<StoredDocument>,
  fields: StoredFields,
  writes: Iterable<DocumentWrite>,
  seen: Seen,
): Promise<boolean> => {
  const newest = newestOfEach(writes).map(([_id, write]) => storedAs(_id, write, fields));
  const unseen = newest.flatMap(({ _id }) => (seen.has(_id) ? [] : [_id]));
  if (unseen.length > 0) await look(collection, unseen, seen);
  const operations = newest.map((document) => (seen.get(document._id) ? upsert(document) : insertion(document)));
  try {
    return createdBy(await collection.bulkWrite(operations, ANY_ORDER));
  } catch (error) {
    const collided = collisions(error).map((index) => replacement(newest[index]!));
    await collection.bulkWrite(collided, ANY_ORDER);
    return createdBy((error as mongo.MongoBulkWriteError).result);
  } finally {
    for (const { _id } of newest) seen.set(_id, true);
  }
};

const look = async (
  collection: mongo.Collection<StoredDocument>,
  ids: readonly string[],
  seen: Seen,
): Promise<void> => {
  const found = await collection
    .find({ _id: { $in: ids } }, { projection: { _id: 1 }, batchSize: ids.length + 1 })
    .toArray();
  note(seen, ids, found);
};

export const note = (seen: Seen, ids: Iterable<string>, found: readonly { readonly _id: string }[]): void => {
  if (seen.size > MOST_SEEN) seen.clear();
  for (const _id of ids) seen.set(_id, false);
  for (const { _id } of found) seen.set(_id, true);
};

/** Beyond this many, what was seen before is forgotten. */
const MOST_SEEN = 20_000;

const createdBy = (result: mongo.BulkWriteResult): boolean => result.upsertedCount + result.insertedCount > 0;

/** A document's fields that are undefined are left out; its filter has none. */
const ANY_ORDER = { ordered: false, ignoreUndefined: true } as const;

/** Of several writes to a document only the newest counts; of those at one position the first. */
const newestOfEach = (writes: Iterable<DocumentWrite>): readonly (readonly [_id: string, DocumentWrite])[] => {
  const newest = new Map<string, DocumentWrite>();
  for (const write of writes) {
    const _id = storedId(write.tenant, write.id);
    const known = newest.get(_id);
    if (!known || known.position < write.position) newest.set(_id, write);
  }
  return [...newest];
};

const storedAs = (_id: string, { tenant, position, document }: DocumentWrite, fields: StoredFields): StoredDocument =>
  document === null ? { _id, position } : { _id, position, ...fields.contentOf(tenant, document) };

const insertion = (document: StoredDocument) => ({ insertOne: { document } });

const replacement = (document: StoredDocument) => {
  const { _id, position } = document;
  return { replaceOne: { filter: { _id, position: { $lt: position } }, replacement: document } };
};

const upsert = (document: StoredDocument) => ({ replaceOne: { ...replacement(document).replaceOne, upsert: true } });
