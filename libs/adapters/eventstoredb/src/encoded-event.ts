import { checkEventSize } from '@rapport/event-store';
import { DomainError, type EventMetadata, type NewEvent } from '@rapport/kernel';

/** An event as it is sent, so that nobody can change it meanwhile: JSON in UTF-8. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const encoder = new TextEncoder();

/** Events of one append mostly share their metadata, which are then encoded once. @throws EventTooLarge */
export const encodedEvents = (events: readonly NewEvent[]): EncodedEvent[] => {
  let shared: EventMetadata | undefined;
  let [text, bytes] = ['', new Uint8Array()];
  return events.map(({ id, type, data, metadata }) => {
    // The server's refusal could not be told from an answer that leaves the outcome open.
    if (!UUID.test(id)) throw new DomainError('internal', 'bad-event-id', `"${id}" of ${type} is no UUID.`);
    if (metadata !== shared) {
      shared = metadata;
      text = JSON.stringify(metadata);
      bytes = encoder.encode(text);
    }
    const json = JSON.stringify(data);
    checkEventSize(type, json, text);
    return { id, type, data: encoder.encode(json), metadata: bytes };
  });
};
