import { isDeepStrictEqual } from 'node:util';
import { DomainError, positionOf, START } from '@rapport/kernel';
import { keyOf, type Collection, type Document, type ReadModelStore } from '@rapport/read-models';

/**
 * Writes a document that follows from no event, as lists of parked events do; null removes it. Its position counts its
 * versions, because a document only gives way to a newer one: of several writers at the same time one wins each version,
 * and the others are asked again on top of it. A change may so come to be made twice, and never gets lost.
 */
export const replaceDocument = async <D extends Document>(
  store: ReadModelStore,
  collection: Collection<D>,
  key: { readonly tenant: string; readonly id: string },
  replace: (present: D | null) => D | null,
): Promise<void> => {
  const load = async (): Promise<{ document: D | null; position: string } | undefined> =>
    (await collection.load([key])).get(keyOf(key));
  let known = await load();
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const document = replace(known?.document ?? null);
    if (document === null && !known?.document) return;
    const position = positionOf(BigInt(known?.position ?? START) + 1n);
    const { tenant, id } = key;
    await store.write({ writes: [{ collection: collection, tenant, id, position, document }] });
    known = await load();
    if (known?.position === position && isDeepStrictEqual(asStored(known.document), asStored(document))) return;
  }
  const message = `${collection.declaration.name} ${key.id} is being changed by too many at once. Try again.`;
  throw new DomainError('unavailable', 'document-contested', message);
};

/** Somebody else has won each of them. */
const TRIES = 100;

/** Without fields that are undefined. */
const asStored = (document: Document | null): unknown => JSON.parse(JSON.stringify(document));
