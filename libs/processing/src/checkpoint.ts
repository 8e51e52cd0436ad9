import type { Bookkeeping } from '@rapport/event-store';
import { START, type Position } from '@rapport/kernel';
import type { ReadModelStore } from '@rapport/read-models';

/** How far a follower has come, where a restart finds it. */
export interface Checkpoint {
  load(): Promise<Position>;
  /** Never moves back: an older position than the last one saved here is ignored. */
  save(position: Position): Promise<void>;
}

/** Of a projection: in the views, so that whoever throws them away throws it away as well. */
export const checkpointIn = (store: ReadModelStore, follower: string): Checkpoint =>
  checkpointOf(
    () => store.checkpoint(follower),
    (position) => store.write({ writes: [], checkpoint: { follower, position } }),
  );

/** Of everything that must not be done again: beside the facts. */
export const checkpointBeside = (books: Bookkeeping, follower: string): Checkpoint =>
  checkpointOf(
    () => books.checkpoint(follower),
    (position) => books.saveCheckpoint(follower, position),
  );

const checkpointOf = (
  load: () => Promise<Position | undefined>,
  save: (position: Position) => Promise<void>,
): Checkpoint => {
  let saved = START;
  return {
    load: async () => (saved = (await load()) ?? START),
    save: async (position) => {
      if (position <= saved) return;
      await save(position);
      saved = position;
    },
  };
};
