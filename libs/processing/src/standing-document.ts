import { positionOf, START } from '@rapport/kernel';
import { keyOf, type Collection, type Document, type ReadModelStore } from '@rapport/read-models';

/**
 * Writes a document that follows from no event, as lists of parked events do; null removes it. Its position counts its
 * versions, because a document only gives way to a newer one.
 */
export const replaceDocument = async <D extends Document>(
  store: ReadModelStore,
  collection: Collection<D>,
  key: { readonly tenant: string; readonly id: string },
  replace: (present: D | null) => D | null,
): Promise<void> => {
  const known = (await collection.load([key])).get(keyOf(key));
  const document = replace(known?.document ?? null);
  if (document === null && !known?.document) return;
  const position = positionOf(BigInt(known?.position ?? START) + 1n);
  const { tenant, id } = key;
  await store.write({ writes: [{ collection: collection, tenant, id, position, document }] });
};
