import { START, type Position } from '@rapport/kernel';
import type { ReadModelStore } from '@rapport/read-models';

/** How far a follower has come, where a restart finds it. */
export interface Checkpoint {
  load(): Promise<Position>;
  /** Never moves back: an older position than the last one saved here is ignored. */
  save(position: Position): Promise<void>;
}

/** The checkpoint of that name in a read-model store. */
export const checkpointIn = (store: ReadModelStore, follower: string): Checkpoint => {
  let saved = START;
  return {
    load: async () => (saved = (await store.checkpoint(follower)) ?? START),
    save: async (position) => {
      if (position <= saved) return;
      await store.write({ writes: [], checkpoint: { follower, position } });
      saved = position;
    },
  };
};
