import { EventTooLarge } from './errors.js';
import { MAX_EVENT_BYTES } from './event-store.js';

/** @throws EventTooLarge when the JSON texts of an event have more than {@link MAX_EVENT_BYTES} bytes together */
export const checkEventSize = (type: string, data: string, metadata: string): void => {
  const characters = data.length + metadata.length;
  // One UTF-16 unit is at most three bytes: most events need no counting.
  if (characters * 3 <= MAX_EVENT_BYTES) return;
  const bytes = Buffer.byteLength(data) + Buffer.byteLength(metadata);
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLarge(type, bytes, MAX_EVENT_BYTES);
};
