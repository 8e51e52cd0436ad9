import { partsOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { sealedAttribute, type CloudEvent } from './cloud-event.js';

/** What a context publishes: for every domain event the data of its integration event, under the message's name. */
export interface Publishing {
  /** `sales`; the topic is `rapport.sales.v1`. */
  readonly context: string;
  readonly publishes: Readonly<Record<string, (event: never) => { readonly type: string; readonly data: object }>>;
}

export const topicOf = (context: string): string => `rapport.${context}.v1`;

/** The published form of a domain event, or undefined for one that stays inside. */
export const toCloudEvent = (publishing: Publishing, event: RecordedEvent): CloudEvent | undefined => {
  const publish = publishing.publishes[event.type] as
    ((event: RecordedEvent) => { type: string; data: object }) | undefined;
  if (!publish) return undefined;
  const { type, data } = publish(event);
  const { aggregate, id } = partsOf(event.stream);
  const { metadata } = event;
  const fullType = `${topicOf(publishing.context)}.${type}`;
  return {
    specversion: '1.0',
    id: event.id,
    source: `/rapport/${publishing.context}`,
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
