import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status as code } from '@grpc/grpc-js';
import type { Expected } from '../log/expected.js';
import type { Outcome, Refusal } from '../log/outcome.js';
import { positioned } from './append-answers.js';
import { Any } from './protocol.js';
import { streamIdentifier } from './recorded-event.js';

/** An append on a batch stream that has to be answered. */
export interface Asked {
  readonly correlationId: string;
  readonly stream: string;
  readonly expected: Expected;
}

export const batchAnswer = (asked: Asked, outcome: Outcome): streams.BatchAppendResp => {
  const answer = new streams.BatchAppendResp()
    .setCorrelationId(new shared.UUID().setString(asked.correlationId))
    .setStreamIdentifier(streamIdentifier(asked.stream));
  if (outcome.kind !== 'done') return answer.setError(statusOf(asked, outcome));
  const success = new streams.BatchAppendResp.Success();
  if (outcome.revision < 0) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(outcome.revision));
  if (outcome.position === undefined) success.setNoPosition(new shared.Empty());
  else success.setPosition(positioned(new shared.AllStreamPosition(), outcome.position));
  return answer.setSuccess(success);
};

/** Clients look only at the type of the detail, which therefore must be there. */
const statusOf = (asked: Asked, refusal: Refusal): status.Status => {
  switch (refusal.kind) {
    case 'wrong-version':
      return failed(code.ALREADY_EXISTS, 'WrongExpectedVersion', wrongVersion(asked.expected, refusal.current));
    case 'deleted':
      return failed(
        code.NOT_FOUND,
        'StreamDeleted',
        new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(asked.stream)),
      );
    case 'denied':
      return failed(code.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied());
    case 'append-too-large':
      return failed(
        code.INVALID_ARGUMENT,
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(refusal.limit),
      );
    case 'event-too-large':
      // The client has no such message; that it does not recognize it is all that it can tell.
      return failed(code.INVALID_ARGUMENT, 'MaximumAppendEventSizeExceeded', new shared.Empty());
    case 'timeout':
      return failed(code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());
    case 'properties-missing':
      return badRequest('Required Metadata Property type or content-type is missing');
    case 'invalid':
      return badRequest(refusal.message);
  }
};

const badRequest = (message: string): status.Status =>
  failed(code.INVALID_ARGUMENT, 'BadRequest', new shared.BadRequest().setMessage(message));

const failed = (reason: code, type: string, detail: { serializeBinary(): Uint8Array }): status.Status => {
  const any = new Any();
  any.pack(detail.serializeBinary(), `event_store.client.${type}`);
  return new status.Status()
    .setCode(reason as number)
    .setMessage(type)
    .setDetails(any);
};

const wrongVersion = (expected: Expected, current: number): shared.WrongExpectedVersion => {
  const detail = new shared.WrongExpectedVersion();
  if (current < 0) detail.setCurrentNoStream(new shared.Empty());
  else detail.setCurrentStreamRevision(String(current));
  if (expected === 'any') return detail.setExpectedAny(new shared.Empty());
  if (expected === 'no_stream') return detail.setExpectedNoStream(new shared.Empty());
  if (expected === 'stream_exists') return detail.setExpectedStreamExists(new shared.Empty());
  return detail.setExpectedStreamPosition(String(expected));
};
