import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type Appended, type ExpectedRevision, StoreUnavailable, WrongExpectedRevision } from '@rapport/event-store';
import { DomainError, positionOf, START } from '@rapport/kernel';
import { isUnknownUser } from './client-failure.js';

/** The server takes no append of this size, though each of its events is small enough. Nothing was written. */
export class AppendTooLarge extends DomainError {
  constructor(limit: number) {
    super(
      'too-large',
      'append-too-large',
      `One append is larger than the ${limit} bytes that EventStoreDB takes at once. ` +
        'Change less in one request, or raise the option MaxAppendSize of the server.',
    );
  }
}

/** The server had no time for the append: it was not written and may be repeated, whatever it expects. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/**
 * What the server has answered.
 * @throws WrongExpectedRevision | AppendTooLarge | DomainError gone | StoreUnavailable when it has refused for certain
 * @throws NotTaken | Error when it has not, the latter when nobody can tell
 */
export const appendedBy = (answer: BatchAppendResp, stream: string, expected: ExpectedRevision): Appended => {
  const success = answer.getSuccess();
  if (!success) throw failureOf(answer, stream, expected);
  // Only the repeat of an append to a stream that was deleted since has no position.
  const position = success.getPosition()?.getCommitPosition();
  return { revision: Number(success.getCurrentRevision()), position: position ? positionOf(BigInt(position)) : START };
};

const { MaximumAppendSizeExceeded, WrongExpectedVersion } = shared;

const failureOf = (answer: BatchAppendResp, stream: string, expected: ExpectedRevision): Error => {
  const error = answer.getError();
  const details = error?.getDetails();
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion': {
      const version = WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
      const actual = version.hasCurrentStreamRevision() ? Number(version.getCurrentStreamRevision()) : -1;
      return new WrongExpectedRevision(stream, expected, actual);
    }
    case 'event_store.client.MaximumAppendSizeExceeded': {
      const limit = MaximumAppendSizeExceeded.deserializeBinary(details.getValue_asU8()).getMaxappendsize();
      return new AppendTooLarge(limit);
    }
    case 'event_store.client.StreamDeleted':
      return new DomainError(
        'gone',
        'stream-deleted',
        'It was deleted in EventStoreDB, which takes no more events of it.',
      );
    case 'event_store.client.AccessDenied':
      return accessDenied('append events', undefined);
    case 'google.protobuf.Empty':
      return new NotTaken(error?.getMessage());
    default:
      return new Error(`EventStoreDB answered ${details?.getTypeName()} ${error?.getMessage()}`.trim());
  }
};

/** The server knows who we are and refuses it, or does not know. Waiting does not mend it. */
export class AccessRefused extends StoreUnavailable {}

export const accessDenied = (what: string, cause: unknown): AccessRefused =>
  isUnknownUser(cause)
    ? new AccessRefused(
        'EventStoreDB does not know this user and password. Correct them in its address, EVENTSTOREDB_URL.',
        cause,
      )
    : new AccessRefused(
        `EventStoreDB does not allow this user to ${what}. An administrator has to add the user to the access list.`,
        cause,
      );
