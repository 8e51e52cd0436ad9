import { type Appended, OutcomeUnknown, StoreUnavailable, WrongExpectedRevision } from '@rapport/event-store';
import { DomainError } from '@rapport/kernel';
import { accessDenied, appendedBy, NotTaken } from './append-answer.js';
import type { EngineAppend } from './append-request.js';
import type { AppendStream } from './append-stream.js';
import { isUnknownUser } from './client-failure.js';
import type { Connection } from './connection.js';
import type { EventStoreDbTrouble } from './event-store-db-options.js';
import type { Link } from './link.js';
import { backoff, pause, Unanswered, within } from './waiting.js';

export interface StreamAppend extends EngineAppend {
  /** Name in Rapport. */
  readonly stream: string;
}

export interface AppendTerms {
  /** For all tries together. */
  readonly milliseconds: number;
  readonly closing: AbortSignal;
  readonly trouble: EventStoreDbTrouble | undefined;
}

/** Longer than the server takes to give up: two seconds, looked at once a second. */
const LONGEST_TRY = 4_000;

/** Appends until the outcome is known, as far as repeating the same request is safe. */
export class Appender {
  constructor(
    private readonly connection: Connection,
    private readonly terms: AppendTerms,
  ) {}

  /** @throws WrongExpectedRevision | AppendTooLarge | OutcomeUnknown | StoreUnavailable */
  async append(append: StreamAppend): Promise<Appended> {
    const { milliseconds, closing, trouble } = this.terms;
    const end = performance.now() + milliseconds;
    const longestTry = Math.min(LONGEST_TRY, milliseconds / 2);
    let unclear = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#try(append, Math.max(1, Math.min(longestTry, end - performance.now())));
      } catch (failure) {
        // What refuses a repeated request says nothing about the first, unless the place of its events is taken.
        const certain = failure instanceof DomainError && (!unclear || failure instanceof WrongExpectedRevision);
        if (certain) throw failure;
        unclear ||= !(failure instanceof NotTaken);
        const wait = backoff(attempt);
        if (closing.aborted || performance.now() + wait > end || (unclear && !isRepeatable(append))) {
          throw unclear ? new OutcomeUnknown(append.stream, failure) : unavailable(failure);
        }
        trouble?.(`append to ${append.stream}`, failure, attempt);
        await pause(wait, closing);
      }
    }
  }

  async #try(append: StreamAppend, milliseconds: number): Promise<Appended> {
    const link = this.connection.take();
    try {
      const stream = link.appends ?? (await this.#connected(link, milliseconds));
      return await this.#send(link, stream, append, milliseconds);
    } finally {
      this.connection.release(link);
    }
  }

  async #connected(link: Link, milliseconds: number): Promise<AppendStream> {
    try {
      return await within(milliseconds, link.connect());
    } catch (failure) {
      this.connection.replace(link);
      if (isUnknownUser(failure)) throw accessDenied('connect', failure);
      throw new NotTaken('There is no connection to EventStoreDB.', { cause: failure });
    }
  }

  async #send(link: Link, stream: AppendStream, append: StreamAppend, milliseconds: number): Promise<Appended> {
    const answersBefore = link.answers;
    try {
      const answer = await stream.append(append, milliseconds);
      link.answers += 1;
      return appendedBy(answer, append.stream, append.expected);
    } catch (failure) {
      // A single lost answer is no reason to leave; a connection that answers nobody is.
      if (isUnknownUser(failure)) throw accessDenied('append events', failure);
      if (failure instanceof Unanswered && link.answers === answersBefore) this.connection.replace(link);
      throw failure;
    }
  }
}

const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable('EventStoreDB cannot be reached; nothing was written. Repeat the request later.', cause);

/** The server compares ids only where the expectation names a place; any other repeat could be written twice. */
const isRepeatable = ({ expected }: StreamAppend): boolean => expected === 'no-stream' || typeof expected === 'number';
