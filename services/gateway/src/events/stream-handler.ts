import { requirePermission } from '@rapport/access';
import type { eventsV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';
import type { FastifyRequest } from 'fastify';
import { ViewGrant } from '../access/view-as.js';
import { type Door, guarded, type Handler } from '../http/door.js';
import type { Context } from '../gateway-options.js';
import { callContextOf } from '../transcoding/call-context.js';
import type { Transcoder } from '../transcoding/transcoder.js';
import { EventStream } from './event-stream.js';
import { Feed } from './feed.js';
import type { OpenStreams } from './open-streams.js';

const PAGE_SIZE = 200;

/** `GET /v1/events/stream`: the feed as server-sent events, for ever. */
export const streamHandler = (
  transcoder: Transcoder,
  contexts: readonly Context[],
  streams: OpenStreams,
  door: Door,
): Handler =>
  guarded(door, async (request, reply) => {
    const grant = request.exchange.grant!;
    requirePermission(grant.principal, transcoder.method.permission);
    if (grant instanceof ViewGrant) throw noStream();
    const feedRequest = feedRequestOf(request, transcoder.request(request));
    if (request.method === 'HEAD')
      return void reply.headers({ ...door.answers.headers(request), ...streamHeaders }).send();
    using place = streams.open(grant);
    using _held = door.signIn.hold(grant);
    const gone = Promise.withResolvers<void>();
    reply.raw.once('close', () => (place.end(), gone.resolve()));
    const signal = AbortSignal.any([place.signal, grant.ended]);
    const feed = new Feed(contexts, feedRequest, callContextOf(request, signal));
    // The first page before the first header: what is wrong with the filter can still be answered as a problem.
    const begun = feed.open().then(() => feed.pull());
    await Promise.race([begun, gone.promise]);
    reply.hijack();
    // Whoever has gone meanwhile keeps no place until contexts have answered.
    if (place.signal.aborted && reply.raw.closed) return void begun.catch(() => undefined);
    const headers = { ...door.answers.headers(request), ...streamHeaders } as Record<string, string>;
    reply.raw.writeHead(200, headers);
    const mayGoOn = (): boolean => door.signIn.isValid(grant);
    await new EventStream(feed, reply.raw, {
      heartbeatSeconds: streams.heartbeatSeconds,
      signal,
      mayGoOn,
    })
      .run()
      .catch((error: unknown) => streams.failed(error, request.exchange.correlationId));
  });

/** Nobody would notice when the rights of the user whose view it is change. */
const noStream = (): DomainError =>
  new DomainError(
    'invalid',
    'view-as-reads',
    'A stream is not opened as somebody else. Read the pages of /v1/events instead.',
  );

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Asks proxies of the nginx kind not to collect before they pass on.
  'x-accel-buffering': 'no',
};

const feedRequestOf = (request: FastifyRequest, { after, filter }: eventsV1.StreamEventsRequest) => {
  const last = request.headers['last-event-id'];
  if (last !== undefined && (typeof last !== 'string' || last.length > 1000))
    throw new DomainError('invalid', 'malformed-cursor', 'Last-Event-ID must be the id of an event of this stream.');
  return { after: last || after, filter: filter ?? '', pageSize: PAGE_SIZE };
};
