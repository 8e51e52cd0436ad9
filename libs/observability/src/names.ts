/** Every name that leaves Rapport as telemetry. Dashboards and alerts are built on them: rename nothing lightly. */

/** Attributes of spans and metrics. Metrics take only those with few values: never a tenant, an id or a path. */
export const ATTRIBUTES = {
  tenant: 'rapport.tenant',
  context: 'rapport.context',
  command: 'rapport.command',
  outcome: 'rapport.outcome',
  stream: 'rapport.stream',
  follower: 'rapport.follower',
  eventType: 'rapport.event.type',
  batchSize: 'rapport.batch.size',
  group: 'messaging.consumer.group.name',
  topic: 'messaging.destination.name',
  messageId: 'messaging.message.id',
  attempt: 'rapport.attempt',
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  rpcMethod: 'rpc.method',
  rpcStatus: 'rpc.grpc.status_code',
} as const;

export interface SpanDefinition {
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Attribute whose value is added to the span's name: `command RegisterContact`. */
  readonly titledBy?: string;
}

const span = (name: string, kind: SpanDefinition['kind'], titledBy?: string): SpanDefinition =>
  titledBy === undefined ? { name, kind } : { name, kind, titledBy };

export const SPANS = {
  httpRequest: span('http', 'server', ATTRIBUTES.route),
  /** The gateway's side of a call of a context in another process, and that context's side. */
  callContext: span('call', 'client', ATTRIBUTES.rpcMethod),
  serveCall: span('serve', 'server', ATTRIBUTES.rpcMethod),
  command: span('command', 'internal', ATTRIBUTES.command),
  append: span('append', 'internal'),
  followBatch: span('follow', 'internal', ATTRIBUTES.follower),
  projection: span('project', 'internal', ATTRIBUTES.follower),
  reaction: span('react', 'internal', ATTRIBUTES.follower),
  publish: span('publish', 'producer', ATTRIBUTES.topic),
  consume: span('consume', 'consumer', ATTRIBUTES.topic),
} as const;

export interface MetricDefinition {
  readonly name: string;
  /** UCUM: `s`, `{event}`. */
  readonly unit: string;
  readonly description: string;
}

const metric = (name: string, unit: string, description: string): MetricDefinition => ({ name, unit, description });

export const METRICS = {
  /** By command and outcome (`done`, or the kind of the refusal). */
  commands: metric('rapport.commands', '{command}', 'Commands handled, by outcome'),
  eventsAppended: metric('rapport.events.appended', '{event}', 'Events stored'),
  appendDuration: metric('rapport.append.duration', 's', 'Time an append took'),
  followerPosition: metric('rapport.follower.position', '{position}', 'How far a follower has come'),
  followerLagEvents: metric('rapport.follower.lag.events', '{event}', 'Events a follower has yet to handle'),
  followerLagSeconds: metric('rapport.follower.lag.seconds', 's', 'Age of the oldest event not handled'),
  /** Of live subscriptions that EventStoreDB 23.10 ended because its buffer was full. */
  resubscribed: metric('rapport.eventstore.resubscribed', '{subscription}', 'Subscriptions begun again at once'),
  parked: metric('rapport.parked', '{message}', 'Events and messages that were parked'),
  timers: metric('rapport.timers', '{timer}', 'Timers that came due, by outcome'),
  /** By context that they are of. */
  broken: metric(
    'rapport.inbox.broken',
    '{record}',
    'Records of other contexts that could not be followed without a gap',
  ),
  /** By outcome: `in`, or the code of the refusal. */
  signIns: metric('rapport.sign.ins', '{attempt}', 'Attempts to sign in, by outcome'),
  published: metric('rapport.bus.published', '{message}', 'Messages published, by topic'),
  consumed: metric('rapport.bus.consumed', '{message}', 'Messages handled, by topic, group and outcome'),
  /** By method and gRPC status, as the context sees it. */
  callDuration: metric('rpc.server.duration', 's', 'Time a call took, by method and status'),
  httpDuration: metric('http.server.request.duration', 's', 'Time a request took, by route and status'),
} as const;
