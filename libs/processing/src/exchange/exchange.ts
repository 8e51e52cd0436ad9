import type { Bookkeeping, EventStore } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import type { Trouble } from '../follower.js';
import type { OwnedFollower } from '../owned-follower.js';
import type { Ownership } from '../ownership.js';
import type { Progress } from '../progress.js';
import type { Publishing } from '../publishing.js';
import type { Inbox } from './inbox.js';

/** How contexts hear of each other's facts: whole aggregates, every revision, from the first one on, for ever. */
export interface Exchange {
  /** Lets others hear what happens in a context. */
  publish(source: Source): Publication;
  /** Brings what another context lets others hear into an inbox. */
  listen(listening: Listening): Listener;
}

/** A context whose facts others may hear. */
export interface Source {
  readonly publishing: Publishing;
  /** The aggregates that are published. */
  readonly aggregates: readonly string[];
  /** The store as it is on disk: personal fields stay sealed on their way. */
  readonly sealedEvents: EventStore;
  readonly books: Bookkeeping;
  readonly ownership: Ownership;
  /** See {@link raisedEpoch}. */
  readonly epoch: () => Promise<number>;
  readonly trouble?: Trouble | undefined;
}

export interface Publication {
  /** What has to run so that others hear; none where they look for themselves. */
  readonly relay: OwnedFollower | undefined;
  /** Resolves once others can hear everything up to here. @throws DomainError not-caught-up */
  reach(position: Position, milliseconds: number): Promise<void>;
  /** Lets others hear a whole stream again: mends what they have missed, and is no news to the rest. How many events it has. */
  again(stream: string): Promise<number>;
}

/** Of one context to another. */
export interface Listening {
  /** Who listens: `sales`. */
  readonly context: string;
  /** To whom: `contacts`. */
  readonly from: string;
  /** To which of its aggregates. To listen to more is to hear everything from the first event again. */
  readonly aggregates: readonly string[];
  readonly inbox: Inbox;
  /** The listener's. */
  readonly books: Bookkeeping;
  readonly ownership: Ownership;
  /** The listener's own: one that was set back lacks what it had heard since, and hears everything again. See {@link raisedEpoch}. */
  readonly epoch: () => Promise<number>;
  readonly trouble?: Trouble | undefined;
}

export interface Listener {
  /** How far it has come at the source, `inbox:contacts`. Different records may overtake each other: see {@link caughtUp}. */
  readonly progress: Progress;
  /** What it is owned by, where one process listens for all. */
  readonly lease: string | undefined;
  start(): Promise<void>;
  /** Finishes what is in hand. */
  stop(): Promise<void>;
  /** Resolves once everything that could be heard when it was called is in the inbox, or its record is known to be broken. */
  caughtUp(): Promise<void>;
}

export const listenerName = (from: string): string => `inbox:${from}`;
