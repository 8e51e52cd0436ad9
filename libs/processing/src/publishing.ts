import { partsOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { sealedAttribute, type CloudEvent } from './cloud-event.js';
import { WITHHELD } from './exchange/external-event.js';

/** What a context publishes: for every domain event the data of its integration event, under the message's name. */
export interface Publishing {
  /** `sales`; the topic is `rapport.sales.v1`. */
  readonly context: string;
  readonly publishes: Readonly<Record<string, (event: never) => PublishedForm | undefined>>;
}

export interface PublishedForm {
  readonly type: string;
  readonly data: object;
}

/** For an event that its context keeps to itself: others hear that there was one, and nothing else. */
export const withheld = (): undefined => undefined;

export const topicOf = (context: string): string => `rapport.${context}.v1`;

/** The published form of a domain event, or undefined for one that stays inside. */
export const toCloudEvent = (publishing: Publishing, event: RecordedEvent): CloudEvent | undefined => {
  const publish = publishing.publishes[event.type] as ((event: RecordedEvent) => PublishedForm | undefined) | undefined;
  const published = publish?.(event);
  return published && envelope(publishing.context, event, published);
};

/** Stands for an event that stays inside, so that whoever follows its record misses no revision. */
export const markerOf = (publishing: Publishing, event: RecordedEvent): CloudEvent => {
  const { sealed: _, ...metadata } = event.metadata;
  return envelope(publishing.context, { ...event, metadata }, { type: WITHHELD, data: {} });
};

const envelope = (context: string, event: RecordedEvent, { type, data }: PublishedForm): CloudEvent => {
  const { aggregate, id } = partsOf(event.stream);
  const { metadata } = event;
  const fullType = `${topicOf(context)}.${type}`;
  return {
    specversion: '1.0',
    id: event.id,
    source: `/rapport/${context}`,
    type: fullType,
    subject: `${aggregate}/${id}`,
    time: metadata.occurredAt,
    datacontenttype: 'application/json',
    dataschema: `/schemas/${fullType}.json`,
    dataversion: metadata.schemaVersion,
    tenant: metadata.tenant,
    revision: event.revision,
    recordedtime: event.recordedAt,
    actor: `${metadata.actor.kind}:${metadata.actor.id}`,
    correlationid: metadata.correlationId,
    ...(metadata.causationId ? { causationid: metadata.causationId } : {}),
    sequence: event.position,
    ...(metadata.sealed ? { sealed: sealedAttribute(metadata.sealed) } : {}),
    ...(metadata.erased ? { erased: true } : {}),
    data: data as CloudEvent['data'],
  };
};
