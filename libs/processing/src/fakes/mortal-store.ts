import type { DocumentWrite, ReadModelStore } from '@rapport/read-models';

export interface MortalStore {
  readonly store: ReadModelStore;
  /** From now on nothing answers. */
  die(): void;
}

/** A store as one process sees it, until it is cut off. */
export const mortal = (store: ReadModelStore): MortalStore => {
  let dead = false;
  const check = (): void => {
    if (dead) throw new Error('cut off');
  };
  const own: Partial<ReadModelStore> = {
    collection: async (...given) => {
      check();
      const collection = await store.collection(...given);
      const load: typeof collection.load = async (keys) => {
        check();
        return collection.load(keys);
      };
      return Object.assign(Object.create(collection) as typeof collection, { load });
    },
    write: async ({ writes }) => {
      check();
      const originalOf = ({ collection }: DocumentWrite) => Object.getPrototypeOf(collection) as typeof collection;
      return store.write({ writes: writes.map((write) => ({ ...write, collection: originalOf(write) })) });
    },
  };
  return { store: Object.assign(Object.create(store) as ReadModelStore, own), die: () => void (dead = true) };
};
