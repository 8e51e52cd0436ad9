import { DomainError } from '@rapport/kernel';

/**
 * What travels between services: keyed messages on topics. At least once, in order per key.
 *
 * A group sees every message of its topics once somebody in it has handled it; members of a group share the work by key.
 * A new group starts with the oldest message kept. Handlers of one key never overlap.
 */
export interface MessageBus {
  /** Resolves once every message is durable; messages of one key keep their order, also across calls. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;

  /**
   * A publisher that is alone under its name: opening one fences every earlier one, whose next publish is refused with
   * {@link Fenced} and leaves nothing behind. For a relay that may have moved to another process without knowing.
   */
  publisher(name: string): Promise<Publisher>;

  /** Starts handling; resolves once this member takes part in the group. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;

  close(): Promise<void>;
}

export interface Publisher {
  /**
   * All of the messages or none; messages of one key keep their order, also across calls: make one after the other.
   * @throws Fenced a newer publisher of this name is open; nothing was published
   * @throws DomainError unavailable: whether the messages were published is unknown, and this publisher may be done with.
   * Who is still entitled to publish closes it and opens another, which settles what became of them: all or none. A call
   * under way while a newer publisher is opened may end like this too, so make sure of being entitled first
   */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;

  /** Publishing is refused from now on. */
  close(): Promise<void>;
}

/** Another publisher was opened under the same name, so this one may publish nothing more. */
export class Fenced extends DomainError {
  constructor(name: string, cause?: unknown) {
    super(
      'conflict',
      'publisher-fenced',
      `A newer publisher ${name} is open. Nothing was published; stop here, the work goes on there.`,
      { cause },
    );
  }
}

export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, by convention a CloudEvent's JSON. */
  readonly value: string;
}

export interface Message extends OutgoingMessage {
  /** `<topic>/<partition>/<offset>`: names this one delivery for logs and parked messages. */
  readonly id: string;
  /** 1 at the first try. */
  readonly attempt: number;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Handles messages of one partition in order. Resolving means done. Throwing means: try again after a pause, and after
   * {@link RetryPolicy.attempts} tries park the message in the dead-letter topic and go on with the next.
   * Other keys are not held up meanwhile.
   */
  readonly handle: (message: Message, signal: AbortSignal) => Promise<void>;
  readonly retry?: Partial<RetryPolicy>;
}

export interface RetryPolicy {
  /** Tries in all before a message is parked. Default 5. */
  readonly attempts: number;
  /** Pause before the second try; doubles with each further one. Default 100. */
  readonly pauseMilliseconds: number;
}

export interface Subscription {
  /**
   * Resolves once this group has handled every message that was on its topics at the time of the call; parked ones count
   * as handled. @throws DomainError unavailable when the subscription is closed meanwhile
   */
  caughtUp(): Promise<void>;
  /** Finishes the message in hand, saves how far the group has come, leaves the group. */
  close(): Promise<void>;
}

/** Where a group's poison messages are parked: a topic of its own, read and replayed like any other. */
export const deadLetterTopic = (topic: string, group: string): string => `${topic}.${group}.dead-letters`;

/** Headers that the bus adds to a parked message. */
export const PARKED = {
  /** {@link Message.id} of the original. */
  originalId: 'rapport-parked-id',
  reason: 'rapport-parked-reason',
  attempts: 'rapport-parked-attempts',
} as const;
