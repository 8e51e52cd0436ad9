import { nameIn, partsOf } from '@rapport/event-store';
import type { CachedKeyStore } from '@rapport/privacy';
import { pause, type Reaction } from '@rapport/processing';
import { DELETION } from './deletion.js';

/** How soon a process learns of workspaces that others have deleted: while it still may use their keys. */
const BETWEEN_LOOKS_MILLISECONDS = 4_000;

/** Where other processes destroy keys, too. Whoever cannot look now looks again. */
export const watchForGone = async (
  keys: Pick<CachedKeyStore, 'destroyedTenants' | 'lifetime'>,
  signal: AbortSignal,
): Promise<void> => {
  if (keys.lifetime === 0) return;
  while (!signal.aborted) {
    await pause(BETWEEN_LOOKS_MILLISECONDS, signal);
    if (!signal.aborted) await keys.destroyedTenants().catch(() => undefined);
  }
};

/** Nothing follows any more from what was in a workspace that is deleted meanwhile, but from that it is. */
export const ofThoseThatAre = (reaction: Reaction, keys: Pick<CachedKeyStore, 'isGone'>): Reaction => ({
  ...reaction,
  react: async (event, signal) => {
    const { aggregate, tenant } = partsOf(event.stream);
    const isOver = (): boolean => keys.isGone(tenant) && nameIn(aggregate) !== DELETION;
    if (isOver()) return 'done';
    try {
      return await reaction.react(event, signal);
    } catch (failure) {
      if (isOver()) return 'done';
      throw failure;
    }
  },
});
