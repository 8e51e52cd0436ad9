import type { ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { failureOf } from '../calls/calls.js';
import { Outlet } from '../calls/outlet.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';
import { filterOf } from '../log/filter.js';
import type { Log } from '../log/log.js';
import { isBoundary } from '../log/range.js';
import { accessDenied, invalidPosition } from '../wire/failures.js';
import type { ReadAnswer } from '../wire/protocol.js';
import { read } from './read.js';
import type { Release } from '../release.js';
import { type ReadRequest, readRequestOf } from './read-request.js';
import { allOf, sourceOf } from './source.js';
import { Subscription } from './subscription.js';

/** Reads and subscriptions: the same call, told apart by whether a count is asked for. */
export const readCall =
  (log: Log, faults: FaultSwitchboard, release: Release) =>
  (call: ServerWritableStream<streams.ReadReq, ReadAnswer>): void => {
    const outlet = new Outlet<ReadAnswer>(call);
    const answer = async (): Promise<void> => {
      faults.admit(call.metadata, false);
      await faults.delay();
      const request = readRequestOf(call.request);
      if (!faults.allows(request.stream === undefined ? 'all' : 'reading')) throw accessDenied();
      const { count } = request;
      await (count === undefined
        ? subscribe(log, faults, outlet, { ...request, release })
        : read(log, faults, outlet, { ...request, count, release }));
    };
    answer().catch((error: unknown) => outlet.finish(failureOf(error)));
  };

const subscribe = (
  log: Log,
  faults: FaultSwitchboard,
  outlet: Outlet<ReadAnswer>,
  { stream, from, resolveLinks, filter, release }: ReadRequest & { readonly release: Release },
): Promise<void> => {
  if (stream === undefined && typeof from === 'number' && !isBoundary(log, from))
    throw invalidPosition(release.noRecord);
  const source = stream === undefined ? allOf(log, from, release) : sourceOf(log, log.stream(stream), from);
  faults.subscriptions.add(outlet);
  outlet.onClose(() => faults.subscriptions.delete(outlet));
  return new Subscription(log, faults, outlet, {
    source,
    resolveLinks,
    release,
    filter: filter && { ...filter, matches: filterOf(filter) },
  }).run();
};
