import type { handleUnaryCall } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { unary } from '../calls/calls.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';
import type { Expected } from '../log/expected.js';
import type { Done, Outcome } from '../log/outcome.js';
import type { Writer } from '../log/writer.js';
import { failureFor, softDeleted, tombstoned } from '../wire/append-answers.js';
import { unknown } from '../wire/failures.js';
import { streamName } from '../wire/recorded-event.js';
import { expectedOf } from './append-request.js';

type Options = streams.DeleteReq.Options | streams.TombstoneReq.Options;

export const deleteCall = (
  writer: Writer,
  faults: FaultSwitchboard,
): handleUnaryCall<streams.DeleteReq, streams.DeleteResp> =>
  unary(faults, true, async (request) =>
    softDeleted(await done(request.getOptions(), (stream, expected) => writer.delete(stream, expected))),
  );

export const tombstoneCall = (
  writer: Writer,
  faults: FaultSwitchboard,
): handleUnaryCall<streams.TombstoneReq, streams.TombstoneResp> =>
  unary(faults, true, async (request) =>
    tombstoned(await done(request.getOptions(), (stream, expected) => writer.tombstone(stream, expected))),
  );

const done = async (
  options: Options | undefined,
  act: (stream: string, expected: Expected) => Outcome,
): Promise<Done> => {
  if (!options) throw unknown('The request has no options');
  const stream = streamName(options.getStreamIdentifier());
  const expected = expectedOf(options, options.getRevision());
  const outcome = act(stream, expected);
  if (outcome.kind !== 'done') throw failureFor(outcome, stream, expected);
  await outcome.durable;
  return outcome;
};
