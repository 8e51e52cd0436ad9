/** How open subscriptions are ended: with an error of the network's kinds, or as if all were well. */
export type Ending = 'unavailable' | 'cancelled' | 'ok';

/** What a lost answer looks like: never comes; the call breaks; the server says that it ran out of time. */
export type Loss = 'silence' | 'break' | 'timeout';

/** What a user may not do: nothing at all, because nobody knows it; write; read streams; read all of them together. */
export type Denial = 'everything' | 'writing' | 'reading' | 'all';

/** What can go wrong while it stands. Counts go down by themselves; `Infinity` (`"always"` in JSON) until set to 0. */
export interface Switches {
  /** Milliseconds that every answer waits: unary calls, appends, and each page (32 events) of a read. */
  readonly delay: number;
  /** So many calls are answered with UNAVAILABLE; an append on an open batch stream counts as one and ends the stream. */
  readonly unavailable: number;
  /**
   * This node is not the leader and the one named here is. Writes, and whatever requires a leader, are refused with its
   * address; batch streams that are open fail as a whole, whatever they wait for. With `forwarding` it is a follower as in
   * most clusters: it refuses only what requires a leader and does the rest as if it were one.
   */
  readonly notLeader: { readonly host: string; readonly port: number; readonly forwarding?: boolean } | null;
  /** Answers of so many appends get lost after the events were written. */
  readonly loseAnswers: number;
  readonly loss: Loss;
  /** Milliseconds between two events that are read or subscribed to. */
  readonly readerDelay: number;
  /** What every user is refused. */
  readonly denied: Denial | null;
}

/** Faults of a running server, whether it is in this process or not. */
export interface Faults {
  /** Changes what is named and leaves the rest. */
  set(switches: Partial<Switches>): Promise<void>;
  current(): Promise<Switches>;
  /** Everything works again. */
  reset(): Promise<void>;
  /** Ends every subscription now and resolves to how many there were. */
  dropSubscriptions(ending?: Ending): Promise<number>;
}

export const NO_FAULTS: Switches = {
  delay: 0,
  unavailable: 0,
  notLeader: null,
  loseAnswers: 0,
  loss: 'silence',
  readerDelay: 0,
  denied: null,
};
