import type { NewEvent, Position, RecordedEvent } from '@rapport/kernel';

/**
 * Where facts live: streams of events, appended and never changed. It promises only what EventStoreDB keeps too.
 *
 * - **Atomic.** One append is all or nothing; its events get consecutive revisions and positions with nothing between.
 * - **Exact retry.** The same event ids with the same expected revision give the first answer again, whatever has been
 *   appended since. Event ids are *not* unique otherwise: with the head as expected revision nothing is compared.
 * - **Unknown outcome.** After {@link OutcomeUnknown} the append may or may not have happened; only the exact retry is safe.
 * - **Following excludes its start, reading includes it.**
 */
export interface EventStore {
  /**
   * Appends in order and resolves once the events are durable.
   * @throws WrongExpectedRevision the stream is not where the caller thought; nothing was written
   * @throws EventTooLarge one event is larger than {@link MAX_EVENT_BYTES}; nothing was written
   * @throws OutcomeUnknown | StorageFull | StoreUnavailable
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended>;

  /** Events of one stream, in order. A missing stream is an empty one. Leaving the loop early frees everything. */
  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent>;

  /**
   * Everything after a position, then whatever comes, for ever; pulled, so a slow consumer slows the reading instead of
   * filling memory. Ends normally only when `signal` aborts. Survives the engine's restarts by itself.
   */
  follow(options: FollowOptions): AsyncIterable<Page>;

  /**
   * Position of the last event that a follower of everything here could be given at this moment, everything included whose
   * append had resolved before; START while there is none. Never that of something else in the engine.
   */
  end(): Promise<Position>;

  /**
   * Whether a position that a follower had come to lies beyond everything that is in the engine: then facts are missing, as
   * where an older copy was put back, and what is written next would be taken for what was seen already.
   */
  lacks(position: Position): Promise<boolean>;

  /**
   * Removes what a tenant has, but for streams of the aggregates that are kept, its own or heard of; where it was broken off, the next call goes on. Nobody may
   * append to what is removed any more. Streams are missing from then on; an engine may go on giving followers what lay in them until
   * it has tidied up. The last event that {@link end} names stays where it is in the order, or another one is given its place.
   */
  removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams>;

  close(): Promise<void>;
}

export interface RemovedStreams {
  readonly streams: number;
  readonly events: number;
}

/** `any` checks nothing; `exists` wants at least one event; a number wants exactly that last revision. */
export type ExpectedRevision = 'any' | 'no-stream' | 'exists' | number;

export interface Appended {
  /** Revision of the last event of this append; the next expected revision. -1 after an empty append to a missing stream. */
  readonly revision: number;
  /** Position of the last event of this append; START after an empty append. */
  readonly position: Position;
  /** What was kept of the events, where that is less than was given: a store that seals keeps nothing about erased people. */
  readonly kept?: readonly NewEvent[];
}

export interface ReadOptions {
  /** First revision to give, inclusive. Default: the beginning, or the end when reading backwards. */
  readonly from?: number;
  readonly direction?: 'forwards' | 'backwards';
  readonly limit?: number;
}

export interface FollowOptions {
  /** Only streams whose name starts with one of these; an empty list means every stream. */
  readonly prefixes: readonly string[];
  readonly after: Position;
  readonly signal: AbortSignal;
  /** Most events in one page; default 500. */
  readonly pageSize?: number;
}

/** A few events in order, and how far the follower has got. */
export interface Page {
  readonly events: readonly RecordedEvent[];
  /** Everything up to here has been given or filtered away: what a checkpoint may store once `events` are done. */
  readonly position: Position;
  /** True when nothing more was there at that moment. May be true many times, also on pages with no events. */
  readonly caughtUp: boolean;
}

/** Data and metadata together, as JSON in UTF-8. Larger facts belong in a file store, not in the log. */
export const MAX_EVENT_BYTES = 1_000_000;
