import type { handleClientStreamingCall } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { failureOf } from '../calls/calls.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';
import type { ProposedEvent } from '../log/events.js';
import { appended, failureFor, wrongVersion } from '../wire/append-answers.js';
import { accessDenied, timeout, unavailable, unknown } from '../wire/failures.js';
import { streamName } from '../wire/recorded-event.js';
import { type AppendRequest, expectedOf, proposedOf } from './append-request.js';
import type { Append } from './appender.js';

/** One append that is a call of its own: the options first, then a message for each event. */
export const appendCall =
  (append: Append, faults: FaultSwitchboard): handleClientStreamingCall<streams.AppendReq, streams.AppendResp> =>
  (call, callback) => {
    const events: (ProposedEvent | undefined)[] = [];
    let options: streams.AppendReq.Options | undefined;
    call.on('data', (request: streams.AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message) events.push(proposedOf(message));
    });
    call.on('end', () => {
      const answer = async (): Promise<streams.AppendResp | undefined> => {
        faults.admit(call.metadata, true);
        if (!faults.allows('writing')) throw accessDenied();
        if (!options) throw unknown('The request has no options');
        const stream = streamName(options.getStreamIdentifier());
        return written({ stream, expected: expectedOf(options, options.getRevision()), events }, append, faults);
      };
      answer().then(
        (result) => result && callback(null, result),
        (error: unknown) => callback(failureOf(error)),
      );
    });
  };

/** Undefined when the answer got lost. */
const written = async (
  request: AppendRequest,
  append: Append,
  faults: FaultSwitchboard,
): Promise<streams.AppendResp | undefined> => {
  const outcome = append(request);
  if (outcome.kind === 'done') await outcome.durable;
  await faults.delay();
  if (outcome.kind === 'wrong-version') return wrongVersion(request.expected, outcome.current);
  if (outcome.kind !== 'done') throw failureFor(outcome, request.stream, request.expected);
  const loss = faults.loss();
  if (loss === 'break') throw unavailable();
  if (loss === 'timeout') throw timeout();
  return loss ? undefined : appended(outcome);
};
