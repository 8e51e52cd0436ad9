import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from '@rapport/event-store';
import type { EncodedEvent } from './encoded-event.js';

export interface EngineAppend {
  /** Name in the engine. */
  readonly name: string;
  readonly events: readonly EncodedEvent[];
  readonly expected: ExpectedRevision;
}

/** Bytes of events in one message; the server takes sixteen million, and puts the messages of an append together again. */
const MESSAGE_BYTES = 2_000_000;

const { BatchAppendReq } = streams;
const { Empty, StreamIdentifier, UUID } = shared;
const encoder = new TextEncoder();

/**
 * An append as messages. It names no deadline: the server would compare it with its own clock, and without one it allows
 * the two seconds that it allows at most.
 */
export function* appendRequests(
  id: string,
  { name, events, expected }: EngineAppend,
): Generator<streams.BatchAppendReq> {
  const correlation = uuid(id);
  let request = new BatchAppendReq().setCorrelationId(correlation).setOptions(optionsOf(name, expected));
  let bytes = 0;
  for (const event of events) {
    const size = event.data.length + event.metadata.length;
    if (bytes > 0 && bytes + size > MESSAGE_BYTES) {
      yield request;
      request = new BatchAppendReq().setCorrelationId(correlation);
      bytes = 0;
    }
    request.addProposedMessages(proposed(event));
    bytes += size;
  }
  yield request.setIsFinal(true);
}

const proposed = ({ id, type, data, metadata }: EncodedEvent): streams.BatchAppendReq.ProposedMessage => {
  const message = new BatchAppendReq.ProposedMessage().setId(uuid(id)).setData(data).setCustomMetadata(metadata);
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return message;
};

/** -1 is what we call the head of a missing stream; the protocol has no negative numbers. */
const optionsOf = (name: string, expected: ExpectedRevision): streams.BatchAppendReq.Options => {
  const options = new BatchAppendReq.Options();
  options.setStreamIdentifier(new StreamIdentifier().setStreamName(encoder.encode(name)));
  if (expected === 'any') return options.setAny(new Empty());
  if (expected === 'exists') return options.setStreamExists(new Empty());
  if (expected === 'no-stream' || expected < 0) return options.setNoStream(new Empty());
  return options.setStreamPosition(String(expected));
};

const uuid = (id: string): shared.UUID => new UUID().setString(id);
