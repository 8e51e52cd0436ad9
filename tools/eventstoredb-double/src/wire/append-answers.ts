import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Expected } from '../log/expected.js';
import type { Done, Refusal } from '../log/outcome.js';
import {
  accessDenied,
  appendTooLarge,
  eventTooLarge,
  propertiesMissing,
  type ServiceFailure,
  streamDeleted,
  timeout,
  unknown,
  wrongExpectedVersion,
} from './failures.js';

const { AppendResp, DeleteResp, TombstoneResp } = streams;

export const appended = ({ revision, position }: Done): streams.AppendResp => {
  const success = new AppendResp.Success();
  if (revision < 0) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(revision));
  if (position === undefined) success.setNoPosition(new shared.Empty());
  else success.setPosition(positioned(new AppendResp.Position(), position));
  return new AppendResp().setSuccess(success);
};

/** A wrong version is an answer here, not a failure. */
export const wrongVersion = (expected: Expected, current: number): streams.AppendResp => {
  const answer = new AppendResp.WrongExpectedVersion();
  if (current < 0) answer.setCurrentNoStream(new shared.Empty()).setNoStream2060(new shared.Empty());
  else answer.setCurrentRevision(String(current)).setCurrentRevision2060(current);
  if (expected === 'any') answer.setExpectedAny(new shared.Empty()).setAny2060(new shared.Empty());
  else if (expected === 'no_stream') answer.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists')
    answer.setExpectedStreamExists(new shared.Empty()).setStreamExists2060(new shared.Empty());
  else answer.setExpectedRevision(String(expected)).setExpectedRevision2060(expected);
  return new AppendResp().setWrongExpectedVersion(answer);
};

export const softDeleted = ({ position }: Done): streams.DeleteResp =>
  new DeleteResp().setPosition(positioned(new DeleteResp.Position(), position!));

export const tombstoned = ({ position }: Done): streams.TombstoneResp =>
  new TombstoneResp().setPosition(positioned(new TombstoneResp.Position(), position!));

/** A refusal as the end of a call. */
export const failureFor = (refusal: Refusal, stream: string, expected: Expected): ServiceFailure => {
  switch (refusal.kind) {
    case 'wrong-version':
      return wrongExpectedVersion(stream, expected, refusal.current);
    case 'deleted':
      return streamDeleted(stream);
    case 'denied':
      return accessDenied();
    case 'append-too-large':
      return appendTooLarge(refusal.limit);
    case 'event-too-large':
      return eventTooLarge(refusal.id, refusal.size, refusal.limit);
    case 'properties-missing':
      return propertiesMissing();
    case 'timeout':
      return timeout();
    case 'invalid':
      return unknown(refusal.message);
  }
};

interface Position {
  setCommitPosition(value: string): unknown;
  setPreparePosition(value: string): unknown;
}

/** Commit and prepare are the same for whatever was not written in a transaction over several calls. */
export const positioned = <P extends Position>(message: P, position: number): P => {
  message.setCommitPosition(String(position));
  message.setPreparePosition(String(position));
  return message;
};
