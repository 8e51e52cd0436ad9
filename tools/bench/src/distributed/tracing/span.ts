/** A piece of work, as OpenTelemetry tells of it. */
export interface Span {
  readonly trace: string;
  readonly id: string;
  readonly parent: string | undefined;
  /** `command CreateAccount` */
  readonly name: string;
  /** `rapport-contacts` */
  readonly service: string;
  /** Whether it goes on after what it came from: publishing and consuming do. */
  readonly later: boolean;
  /** Milliseconds since 1970, as far as the process's clock tells them: whole ones at the beginning. */
  readonly start: number;
  readonly milliseconds: number;
}

/** The body of a request to /v1/traces as far as it matters, in OTLP's JSON. */
export interface TracesRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly Attribute[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly SpanRecord[] }[];
  }[];
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  /** Nanoseconds since 1970; too many for a number. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

const PRODUCER = 4;
const CONSUMER = 5;

export const spansIn = ({ resourceSpans = [] }: TracesRequest): readonly Span[] =>
  resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const named = resource?.attributes?.find(({ key }) => key === 'service.name');
    const service = named?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((record) => spanOf(service, record)));
  });

const spanOf = (service: string, record: SpanRecord): Span => {
  const [start, end] = [BigInt(record.startTimeUnixNano), BigInt(record.endTimeUnixNano)];
  return {
    trace: record.traceId,
    id: record.spanId,
    parent: record.parentSpanId || undefined,
    name: record.name,
    service,
    later: record.kind === PRODUCER || record.kind === CONSUMER,
    start: Number(start / 1_000n) / 1_000,
    milliseconds: Number(end - start) / 1_000_000,
  };
};
