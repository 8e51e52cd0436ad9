import type { RecordedEvent } from '@rapport/kernel';

/** What became of one event: done, try again, set aside for somebody to look at, or stop the whole follower. */
export type Verdict = 'done' | 'retry' | { readonly park: string } | { readonly stop: string };

/**
 * When this happens, do that: turns events into commands or other idempotent acts. It sees an event at least once, so what
 * it does is keyed by the event's id.
 */
export interface Reaction {
  /** `forget-erased-contact`; names the checkpoint. */
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly types: readonly string[];
  /** Whether it needs personal fields readable. By default they are sealed, which costs nothing. */
  readonly readable?: boolean;
  /** A throw counts as `retry`. */
  readonly react: (event: RecordedEvent, signal: AbortSignal) => Promise<Verdict>;
  /** Tries before an event that fails or asks for a retry is parked. Default 10. */
  readonly attempts?: number;
}
