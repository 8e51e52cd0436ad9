import type { Bookkeeping, EventStore } from '@rapport/event-store';
import type { OwnedFollower, Ownership, Progress, Trouble } from '@rapport/processing';
import type { Intake } from './intake.js';

/** How what one context asks comes to the context that is asked: at least once, and for each record in its order. */
export interface CommandExchange {
  /** Carries what a context asks of others. */
  carry(asker: Asker): Carrier;
  /** Brings what others ask of a context into its intake. */
  attend(attending: Attending): Attendant;
}

/** A context that asks others. */
export interface Asker {
  readonly context: string;
  /** The store as it is on disk: what is sealed stays so on its way. */
  readonly sealedEvents: EventStore;
  readonly books: Bookkeeping;
  readonly ownership: Ownership;
  readonly trouble?: Trouble | undefined;
}

export interface Carrier {
  /** What has to run so that others are asked; none where they look for themselves. */
  readonly relay: OwnedFollower | undefined;
}

/** A context that is asked. */
export interface Attending {
  readonly intake: Intake;
  readonly books: Bookkeeping;
  readonly ownership: Ownership;
  /** Its own: raised where its facts were set back, so that it hears again what it has lost. */
  readonly epoch: () => Promise<number>;
  /** Told of what came and is no request, or not from whom it says. It is passed over. */
  readonly refused: (failure: unknown, from: string) => void;
  readonly trouble?: Trouble | undefined;
}

export interface Attendant {
  /** What listens for it, for whoever looks after the service. */
  readonly listeners: readonly { readonly progress: Progress; readonly lease: string | undefined }[];
  start(): Promise<void>;
  /** Finishes what is in hand. */
  stop(): Promise<void>;
}

/** What listens to one asker, or to all. */
export const attendantName = (from: string): string => `commands:${from}`;
