import { externalAggregate, streamName } from '@rapport/event-store';
import type { Actor, EventMetadata, NewEvent } from '@rapport/kernel';
import { sealedIn, type CloudEvent } from '../cloud-event.js';

/** Where a revision of another context's record belongs. */
export interface Place {
  readonly context: string;
  /** How often the context was set back to an earlier state, as far as a place's name is concerned. */
  readonly epoch: number;
  readonly aggregate: string;
  readonly tenant: string;
  /** The record's id. */
  readonly record: string;
  readonly revision: number;
}

/** One revision of a record of another context, ready to be stored in its place under the source's event id. */
export interface ExternalEvent {
  readonly place: Place;
  readonly event: NewEvent;
}

/** Stands where the source keeps an event to itself. */
export const WITHHELD = 'RevisionWithheld';

/** Stands where something came that nobody could read, or that is too large to be stored; its data says why. */
export const UNREADABLE = 'RevisionUnreadable';

/** @throws DomainError invalid when the tenant or the names are none */
export const placeStream = ({ context, aggregate, epoch, tenant, record }: Place): string =>
  streamName(externalAggregate(context, aggregate, epoch), tenant, record);

/** What a message says beside its body. */
export interface Circumstances {
  readonly epoch: number;
  /** Of the event's form. */
  readonly version: number;
  readonly traceparent: string | undefined;
}

/**
 * An event as it was published, as it is stored here: under its short name, `AccountCreated`, with its data as published and
 * its personal fields as sealed at the source.
 */
export const externalEvent = (cloudEvent: CloudEvent, circumstances: Circumstances): ExternalEvent => {
  const { id, type, source, tenant, subject, revision, data, actor, correlationid, causationid, time } = cloudEvent;
  const [aggregate = '', record = ''] = parted(subject, '/');
  const place = { context: lastPart(source, '/'), epoch: circumstances.epoch, aggregate, tenant, record, revision };
  const { traceparent, version } = circumstances;
  const sealed = sealedIn(cloudEvent, streamName(aggregate, tenant, record));
  const metadata: EventMetadata = {
    tenant,
    actor: actorOf(actor),
    correlationId: correlationid,
    ...(causationid === undefined ? {} : { causationId: causationid }),
    // What it was at the source is the source's own affair; here the event itself is what is repeated.
    commandId: id,
    occurredAt: time,
    ...(traceparent === undefined ? {} : { traceparent }),
    schemaVersion: version,
    ...(sealed === undefined ? {} : { sealed }),
  };
  return { place, event: { id, type: lastPart(type, '.'), data, metadata } };
};

/** Nobody knows when it happened. */
const NO_TIME = new Date(0).toISOString();

/** What stands in the place of an event that cannot be kept, so that those after it find theirs. */
export const unreadable = (place: Place, id: string, reason: string): ExternalEvent => {
  const metadata: EventMetadata = {
    tenant: place.tenant,
    actor: { kind: 'system', id: 'inbox' },
    correlationId: id,
    commandId: id,
    occurredAt: NO_TIME,
    schemaVersion: 1,
  };
  return { place, event: { id, type: UNREADABLE, data: { reason }, metadata } };
};

const actorOf = (text: string): Actor => {
  const [kind, id] = parted(text, ':');
  return { kind: kind as Actor['kind'], id: id ?? '' };
};

const parted = (text: string, sign: string): readonly [string, string?] => {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const lastPart = (text: string, sign: string): string => text.slice(text.lastIndexOf(sign) + 1);
