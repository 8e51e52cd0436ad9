import type { OutgoingMessage } from '@rapport/message-bus';

/** The client sorts a batch into partitions in a time that grows with its square. */
const MOST_MESSAGES = 500;
/** Well below what brokers accept as one batch (1 MB), so that only a single message can be too large. */
const MOST_BYTES = 512 * 1_024;

/** A part of what somebody publishes, small enough to be sent at once, together with others. */
export interface Batch {
  readonly messages: readonly OutgoingMessage[];
  readonly bytes: number;
}

/** Cuts messages into batches, keeping their order. A message larger than a batch gets one of its own. */
export const batchesOf = (messages: readonly OutgoingMessage[]): readonly Batch[] => {
  const batches: Batch[] = [];
  let from = 0;
  let bytes = 0;
  messages.forEach((message, at) => {
    const size = sizeOf(message);
    if (at > from && (at - from === MOST_MESSAGES || bytes + size > MOST_BYTES)) {
      batches.push({ messages: messages.slice(from, at), bytes });
      from = at;
      bytes = 0;
    }
    bytes += size;
  });
  if (from < messages.length) batches.push({ messages: from === 0 ? messages : messages.slice(from), bytes });
  return batches;
};

/** What a request holds already. */
export interface BatchSize {
  count: number;
  bytes: number;
}

/** Adds a batch to a request, unless it is too much for it; the first one always fits. */
export const fitTogether = (size: BatchSize, { messages, bytes }: Batch): boolean => {
  if (size.count > 0 && (size.count + messages.length > MOST_MESSAGES || size.bytes + bytes > MOST_BYTES)) return false;
  size.count += messages.length;
  size.bytes += bytes;
  return true;
};

const sizeOf = ({ key, headers, value }: OutgoingMessage): number => {
  let bytes = Buffer.byteLength(value) + Buffer.byteLength(key) + 32;
  for (const name in headers) bytes += Buffer.byteLength(name) + Buffer.byteLength(headers[name]!) + 4;
  return bytes;
};
