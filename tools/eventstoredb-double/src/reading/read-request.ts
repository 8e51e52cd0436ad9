import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { FilterOptions } from '../log/filter.js';
import type { From } from '../log/range.js';
import { unknown } from '../wire/failures.js';
import { streamName } from '../wire/recorded-event.js';
import type { SubscriptionFilter } from './subscription.js';

/** Events that are looked at before a checkpoint may be given, when the client does not say how many. */
const DEFAULT_WINDOW = 32;

/** What a client asks to read or to subscribe to. */
export interface ReadRequest {
  /** Undefined means all of them. */
  readonly stream: string | undefined;
  readonly from: From;
  readonly backwards: boolean;
  readonly resolveLinks: boolean;
  /** Undefined for a subscription. */
  readonly count: number | undefined;
  readonly filter: (FilterOptions & Pick<SubscriptionFilter, 'window' | 'interval'>) | undefined;
}

export const readRequestOf = (request: streams.ReadReq): ReadRequest => {
  const options = request.getOptions();
  if (!options) throw unknown('The request has no options');
  return {
    ...placeOf(options),
    backwards: options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS,
    resolveLinks: options.getResolveLinks(),
    count: options.hasSubscription() ? undefined : Number(options.getCount()),
    filter: filterOptionsOf(options.getFilter()),
  };
};

const placeOf = (options: streams.ReadReq.Options): Pick<ReadRequest, 'stream' | 'from'> => {
  const one = options.getStream();
  if (one) {
    const from = one.hasRevision() ? Number(one.getRevision()) : one.hasEnd() ? 'end' : 'start';
    return { stream: streamName(one.getStreamIdentifier()), from };
  }
  const all = options.getAll();
  const position = all?.getPosition();
  if (!position) return { stream: undefined, from: all?.hasEnd() ? 'end' : 'start' };
  const [commit, prepare] = [BigInt(position.getCommitPosition()), BigInt(position.getPreparePosition())];
  if (prepare > commit) throw unknown('The commit position cannot be less than the prepare position');
  return { stream: undefined, from: Number(commit) };
};

const filterOptionsOf = (filter: streams.ReadReq.Options.FilterOptions | undefined): ReadRequest['filter'] => {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (!filter || !expression) return undefined;
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  return {
    on: filter.hasEventType() ? 'type' : 'stream',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
    window,
    interval: window * filter.getCheckpointintervalmultiplier(),
  };
};
