import { type Collection, type Document, keyOf } from '@rapport/read-models';

/** The documents that ids stand for; unknown and empty ids are left out. One read for all. */
export const documentsById = async <D extends Document>(
  collection: Collection<D>,
  tenant: string,
  ids: Iterable<string | undefined>,
): Promise<ReadonlyMap<string, D>> => {
  const wanted = [...new Set(ids)].filter((id): id is string => id !== undefined && id !== '');
  const found = new Map<string, D>();
  if (wanted.length === 0) return found;
  const stored = await collection.load(wanted.map((id) => ({ tenant, id })));
  for (const id of wanted) {
    const document = stored.get(keyOf({ tenant, id }))?.document;
    if (document) found.set(id, document);
  }
  return found;
};
