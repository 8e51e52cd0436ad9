import { isId, DomainError, type RecordedEvent } from '@rapport/kernel';
import { partsOf } from '@rapport/event-store';
import type { Message, OutgoingMessage } from '@rapport/message-bus';
import {
  EPOCH_HEADER,
  ID_HEADER,
  REVISION_HEADER,
  SEQUENCE_HEADER,
  STREAM_HEADER,
  TYPE_HEADER,
  VERSION_HEADER,
  type CloudEvent,
} from '../cloud-event.js';
import { markerOf, toCloudEvent, topicOf, type Publishing } from '../publishing.js';
import { externalEvent, placeStream, unreadable, type ExternalEvent, type Place } from './external-event.js';

/** Every revision is published, keyed by the stream: what happened to one record of one tenant keeps its order. */
export const messageOf = (
  publishing: Publishing,
  event: RecordedEvent,
  epoch: number,
  traceparent = event.metadata.traceparent,
): OutgoingMessage => {
  const cloudEvent = toCloudEvent(publishing, event) ?? markerOf(publishing, event);
  const headers = {
    'content-type': 'application/cloudevents+json',
    [ID_HEADER]: event.id,
    [TYPE_HEADER]: cloudEvent.type,
    [SEQUENCE_HEADER]: cloudEvent.sequence,
    [STREAM_HEADER]: event.stream,
    [REVISION_HEADER]: String(event.revision),
    [VERSION_HEADER]: String(event.metadata.schemaVersion),
    [EPOCH_HEADER]: String(epoch),
    ...(traceparent ? { traceparent } : {}),
  };
  return { topic: topicOf(publishing.context), key: event.stream, headers, value: JSON.stringify(cloudEvent) };
};

/** The aggregate that a message is of, told without parsing it; undefined where only the body can tell. */
export const aggregateIn = ({ headers }: Message): string | undefined => {
  const stream = headers[STREAM_HEADER];
  return stream === undefined ? undefined : partsOf(stream).aggregate;
};

/**
 * What a message has to say of a record; in its place, a note that it could not be read.
 * @throws DomainError invalid when it names no place at all
 */
export const eventIn = (context: string, message: Message): ExternalEvent => {
  try {
    return checked(context, readBody(message));
  } catch (failure) {
    const place = placeIn(context, message);
    const id = message.headers[ID_HEADER];
    if (!place || id === undefined || !isId(id)) {
      throw new DomainError('invalid', 'no-place', `It names no record: ${reasonOf(failure)}`, { cause: failure });
    }
    return checked(context, unreadable(place, id, reasonOf(failure)));
  }
};

const readBody = ({ headers, value }: Message): ExternalEvent => {
  const cloudEvent = JSON.parse(value) as CloudEvent;
  for (const name of REQUIRED) {
    if (typeof cloudEvent[name] !== 'string') throw new Error(`The attribute ${name} is missing.`);
  }
  if (typeof cloudEvent.data !== 'object' || cloudEvent.data === null) throw new Error('It has no data.');
  // What was published before these headers were there is of the first version and epoch.
  const version = Number(headers[VERSION_HEADER] ?? cloudEvent.dataversion ?? 1);
  const epoch = Number(headers[EPOCH_HEADER] ?? 0);
  return externalEvent(cloudEvent, { version, epoch, traceparent: headers['traceparent'] });
};

const REQUIRED = ['id', 'type', 'source', 'tenant', 'subject', 'time', 'actor', 'correlationid'] as const;

const placeIn = (context: string, { headers }: Message): Place | undefined => {
  const { [STREAM_HEADER]: stream, [REVISION_HEADER]: revision, [EPOCH_HEADER]: epoch } = headers;
  if (stream === undefined || revision === undefined || epoch === undefined) return undefined;
  const { aggregate, tenant, id: record } = partsOf(stream);
  return { context, epoch: Number(epoch), aggregate, tenant, record, revision: Number(revision) };
};

/** @throws when there can be no such place */
const checked = (context: string, external: ExternalEvent): ExternalEvent => {
  const { place, event } = external;
  placeStream(place);
  const numbers = [place.revision, place.epoch, event.metadata.schemaVersion];
  if (!numbers.every(isCount)) throw new Error('Its revision, version or epoch is no number.');
  if (place.context !== context) throw new Error(`It is of ${place.context}, on the topic of ${context}.`);
  if (place.record === '') throw new Error('It names no record.');
  if (!isId(event.id)) throw new Error(`"${event.id}" is no id of an event.`);
  return external;
};

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const reasonOf = (failure: unknown): string =>
  (failure instanceof Error ? failure.message : String(failure)).slice(0, 300);
