import type { Audience, Told } from './told.js';

/** Who does what only one process may do at a time: every process campaigns, one of them is called. */
export interface Ownership {
  /**
   * Milliseconds between two looks at what other processes have done; undefined when there are no others, so that
   * nothing has to be looked up.
   */
  readonly glance: number | undefined;

  /** Whether nobody else writes events: no other process, and no other thread of this one. */
  readonly alone: boolean;

  /** Those who are told at once what this owner does, as another thread of its process is. */
  readonly audience?: Audience;

  /** Who tells what is done in the place of this one, which then never is an owner. */
  readonly told?: Told;

  /**
   * Calls `work` whenever this process becomes owner of `name`, one term at a time, until the campaign is stopped. Work
   * that ends, or fails, before its term does gives the ownership up; after a rest the campaign goes on.
   * @param failure what is wrong at the moment, for whoever looks after the service
   */
  campaign(name: string, work: (term: Term) => Promise<void>, failure?: () => string | undefined): Campaign;

  /** Who owns what, as last seen from here: no more than names and fences to show to people. */
  owners(): ReadonlyMap<string, Owner>;

  /** Stops every campaign. */
  close(): Promise<void>;
}

/** The time during which this process is the owner. */
export interface Term {
  /** The fence: every term of the same name has a higher one. */
  readonly number: number;
  /** Aborts when ownership is given up or lost. */
  readonly signal: AbortSignal;
  /**
   * Whether ownership is certain at this moment. To be asked before each piece of work: a process that was stopped for a
   * while may be asked earlier than its signal can abort.
   */
  readonly holds: boolean;
  /** Whether other processes wait for what is done here, which they see by its checkpoint. */
  readonly watched: boolean;
}

export interface Campaign {
  readonly term: Term | undefined;
  /** Ends the term after the work in hand and gives the ownership up at once. */
  stop(): Promise<void>;
}

export interface Owner {
  /** The name of the process. */
  readonly owner: string;
  readonly term: number;
  readonly failure?: string;
}

/**
 * For a service that runs in one process alone: it owns everything at once and for good, at no cost.
 * @param audience other threads, which write events and show what is made of them here
 */
export const soleOwnership = (audience?: Audience): Ownership => {
  const campaigns = new Set<Campaign>();
  return {
    glance: undefined,
    alone: audience === undefined,
    ...(audience ? { audience } : {}),
    campaign: (_, work) => {
      const ending = new AbortController();
      const term = ownTerm(ending.signal);
      // Nobody else could do any better: who waits for the work is told by the work.
      const done = work(term).catch(() => undefined);
      const stop = (): Promise<void> => {
        campaigns.delete(campaign);
        ending.abort();
        return done;
      };
      const campaign = { term, stop };
      campaigns.add(campaign);
      return campaign;
    },
    owners: () => new Map(),
    close: async () => void (await Promise.all([...campaigns].map((campaign) => campaign.stop()))),
  };
};

/** For a thread that follows nothing itself and is told by the one that does. */
export const noOwnership = (told: Told): Ownership => ({
  glance: undefined,
  alone: false,
  told,
  campaign: () => ({ term: undefined, stop: async () => undefined }),
  owners: () => new Map(),
  close: async () => undefined,
});

/**
 * For a process that follows nothing itself and looks now and then what others have stored.
 * @param glance milliseconds between two looks
 */
export const watchingOwnership = (glance: number): Ownership => ({
  glance,
  alone: false,
  campaign: () => ({ term: undefined, stop: async () => undefined }),
  owners: () => new Map(),
  close: async () => undefined,
});

/** The term of what has no rivals: it lasts until it is ended. */
export const ownTerm = (signal: AbortSignal): Term => ({
  number: 1,
  signal,
  get holds() {
    return !signal.aborted;
  },
  watched: false,
});

/** The part of a term until a signal aborts. */
export const partOf = (term: Term, until: AbortSignal): Term => ({
  number: term.number,
  signal: AbortSignal.any([term.signal, until]),
  get holds() {
    return term.holds && !until.aborted;
  },
  watched: term.watched,
});

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
