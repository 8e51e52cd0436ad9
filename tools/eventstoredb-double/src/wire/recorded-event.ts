import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Recorded } from '../log/events.js';
import { DELETED } from '../log/system-names.js';

const JSON_TYPE = 'application/json';
const BINARY_TYPE = 'application/octet-stream';

/** `created` is in ticks of 100 ns, more than a number can hold exactly. */
const TICKS_OF_A_MILLISECOND = '0000';

const NOTHING = '9223372036854775807';

/** A log record *is* the answer to a read, so that reading needs no encoding. */
export const encodeRecord = (event: Recorded): Uint8Array => {
  const position = String(event.position);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(streamIdentifier(event.stream))
    .setStreamRevision(event.revision === DELETED ? NOTHING : String(event.revision))
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('created', event.created + TICKS_OF_A_MILLISECOND)
    .set('content-type', event.json ? JSON_TYPE : BINARY_TYPE);
  return answer(new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position)).serializeBinary();
};

export const decodeRecord = (bytes: Uint8Array): Recorded => {
  const event = eventOf(bytes);
  const map = event.getMetadataMap();
  const revision = event.getStreamRevision();
  return {
    id: event.getId()!.getString(),
    stream: streamName(event.getStreamIdentifier()),
    revision: revision === NOTHING ? DELETED : Number(revision),
    position: Number(event.getCommitPosition()),
    type: map.get('type')!,
    json: map.get('content-type') === JSON_TYPE,
    created: Number(map.get('created')!.slice(0, -TICKS_OF_A_MILLISECOND.length)),
    data: event.getData_asU8(),
    metadata: event.getCustomMetadata_asU8(),
  };
};

/** The answer for a link that the client wants resolved; a target that is gone is left out. */
export const resolvedLink = (link: Uint8Array, target: Uint8Array | undefined): streams.ReadResp => {
  const recorded = eventOf(link);
  const event = new streams.ReadResp.ReadEvent().setLink(recorded).setCommitPosition(recorded.getCommitPosition());
  return answer(target ? event.setEvent(eventOf(target)) : event);
};

export const isJson = (contentType: string | undefined): boolean => contentType === JSON_TYPE;

export const streamIdentifier = (name: string): shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(name));

export const streamName = (identifier: shared.StreamIdentifier | undefined): string =>
  identifier ? Buffer.from(identifier.getStreamName_asU8()).toString() : '';

const answer = (event: streams.ReadResp.ReadEvent): streams.ReadResp => new streams.ReadResp().setEvent(event);

const eventOf = (bytes: Uint8Array): streams.ReadResp.ReadEvent.RecordedEvent =>
  streams.ReadResp.deserializeBinary(bytes).getEvent()!.getEvent()!;
