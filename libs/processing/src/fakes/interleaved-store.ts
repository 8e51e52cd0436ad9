import type { Collection, Document, ReadModelStore, WriteBatch } from '@rapport/read-models';

/** Waits until it is its turn. */
export type Turn = () => Promise<void>;

/**
 * A store without transactions, as one of several processes sees it: others get their turns between any two of its
 * documents, read or written.
 */
export const interleaved = (store: ReadModelStore, turn: Turn): ReadModelStore => {
  const originals = new Map<Collection<Document>, Collection<Document>>();
  const write = async ({ writes, checkpoint }: WriteBatch): Promise<void> => {
    for (const each of writes) {
      await turn();
      await store.write({ writes: [{ ...each, collection: originals.get(each.collection)! }] });
    }
    if (!checkpoint) return;
    await turn();
    await store.write({ writes: [], checkpoint });
  };
  const collection: ReadModelStore['collection'] = async (...given) => {
    const original = await store.collection(...given);
    const seen = Object.create(original) as typeof original;
    seen.load = async (keys) => {
      const found = new Map();
      for (const key of keys) {
        await turn();
        for (const [name, stored] of await original.load([key])) found.set(name, stored);
      }
      return found;
    };
    originals.set(seen, original);
    return seen;
  };
  const checkpoint: ReadModelStore['checkpoint'] = async (follower) => {
    await turn();
    return store.checkpoint(follower);
  };
  return Object.assign(Object.create(store) as ReadModelStore, { collection, write, checkpoint });
};
