import { DomainError } from '@rapport/kernel';
import type { ExpectedRevision } from './event-store.js';

/** The stream is not where the caller thought it was; nothing was written. */
export class WrongExpectedRevision extends DomainError {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** Last revision, or -1 for a stream that does not exist. */
    readonly actual: number,
  ) {
    super('stale', 'wrong-expected-revision', describe(expected, actual), { currentRevision: actual });
  }
}

/** Without the stream's name, which is nothing to clients. */
const describe = (expected: ExpectedRevision, actual: number): string =>
  `The record was expected at ${expected}, but ${actual < 0 ? 'does not exist' : `is at revision ${actual}`}. ` +
  'Read it again and repeat the change.';

export class EventTooLarge extends DomainError {
  constructor(type: string, bytes: number, limit: number) {
    super(
      'too-large',
      'event-too-large',
      `${type} has ${bytes} bytes; one event may have ${limit}. Store less in one change.`,
    );
  }
}

/** The append may or may not have happened: repeat it with the same ids and the same expected revision. */
export class OutcomeUnknown extends DomainError {
  constructor(
    readonly stream: string,
    cause: unknown,
  ) {
    const message = 'The store did not say whether this was written. Repeat the same request.';
    super('unavailable', 'outcome-unknown', message, { cause, retryAfterSeconds: 1 });
  }
}

export class StoreUnavailable extends DomainError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', 'store-unavailable', message, { cause, retryAfterSeconds: 1 });
  }
}

export class StorageFull extends DomainError {
  constructor(where: string, cause?: unknown) {
    super(
      'storage-full',
      'storage-full',
      `No space left for ${where}. Nothing was written; free some space and repeat.`,
      { cause },
    );
  }
}
