import type { EventStore } from '@rapport/event-store';
import { START, type RecordedEvent } from '@rapport/kernel';
import type { ReadModelStore } from '@rapport/read-models';
import { backoff, pause } from './backoff.js';
import { Follower } from './follower.js';
import type { ParkedEvents } from './parked-events.js';

/** What became of one event: done, try again, set aside for somebody to look at, or stop the whole follower. */
export type Verdict = 'done' | 'retry' | { readonly park: string } | { readonly stop: string };

/**
 * When this happens, do that: turns events into commands or other idempotent acts. It sees an event at least once, so what
 * it does is keyed by the event's id.
 */
export interface Reaction {
  /** `destroy-key-of-erased-contact`; names the checkpoint. */
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly types: readonly string[];
  readonly react: (event: RecordedEvent, signal: AbortSignal) => Promise<Verdict>;
  /** Tries before an event that fails or asks for a retry is parked. Default 10. */
  readonly attempts?: number;
}

export interface ReactorParts {
  readonly events: EventStore;
  readonly readModels: ReadModelStore;
  readonly parked: ParkedEvents;
  readonly trouble?: (follower: string, failure: unknown, attempt: number) => void;
}

export const reactor = (reaction: Reaction, parts: ReactorParts): Follower => {
  const wanted = new Set(reaction.types);
  return new Follower(parts.events, {
    name: reaction.name,
    prefixes: reaction.prefixes,
    loadCheckpoint: async () => (await parts.readModels.checkpoint(reaction.name)) ?? START,
    handle: async (page, signal) => {
      for (const event of page.events) {
        if (wanted.has(event.type)) await settle(reaction, parts, event, signal);
        if (signal.aborted) return;
      }
      await parts.readModels.write({ writes: [], checkpoint: { follower: reaction.name, position: page.position } });
    },
    trouble: (failure, attempt) => parts.trouble?.(reaction.name, failure, attempt),
  });
};

const settle = async (reaction: Reaction, parts: ReactorParts, event: RecordedEvent, signal: AbortSignal): Promise<void> => {
  const attempts = reaction.attempts ?? 10;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const verdict = await verdictOf(reaction, event, signal);
    if (verdict === 'done') return;
    if (typeof verdict === 'object' && 'stop' in verdict) throw new Error(`${reaction.name} stopped: ${verdict.stop}`);
    const reason = typeof verdict === 'object' ? verdict.park : 'it asked to be tried again too often';
    if (typeof verdict === 'object' || attempt >= attempts) {
      await parts.parked.park(reaction.name, event, reason, attempt);
      return;
    }
    await pause(backoff(attempt), signal);
  }
};

const verdictOf = async (reaction: Reaction, event: RecordedEvent, signal: AbortSignal): Promise<Verdict> => {
  try {
    return await reaction.react(event, signal);
  } catch {
    return 'retry';
  }
};

/** Handles a parked event again; it leaves the list when the verdict is done. */
export const replayParked = async (reaction: Reaction, parts: ReactorParts, tenant: string, id: string): Promise<Verdict> => {
  const event = await parts.parked.event(parts.events, tenant, id);
  const verdict = await reaction.react(event, new AbortController().signal);
  if (verdict === 'done') await parts.parked.remove(tenant, id);
  return verdict;
};
