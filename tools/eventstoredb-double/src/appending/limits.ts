import type { ProposedEvent } from '../log/events.js';
import type { Refusal } from '../log/outcome.js';
import type { Release } from '../release.js';
import type { AppendRequest } from './append-request.js';

/** In bytes; `MaxAppendSize` and `MaxAppendEventSize` of the real server's settings. */
export interface Limits {
  readonly append: number;
  readonly event: number;
  /** Whether metadata and the names of types count as well as data. */
  readonly countsMetadata: boolean;
}

const MEBIBYTE = 1024 * 1024;

/** What a release allows when nothing is set. */
export const limitsOf = ({ version, countsMetadata }: Pick<Release, 'version' | 'countsMetadata'>): Limits => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const large = major > 25 || (major === 25 && minor >= 1);
  return large
    ? { append: 256 * MEBIBYTE, event: 16 * MEBIBYTE, countsMetadata }
    : { append: MEBIBYTE, event: 2 ** 31 - 1, countsMetadata };
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The events as they may be written, or why not. */
export const checked = ({ stream, events }: AppendRequest, limits: Limits): readonly ProposedEvent[] | Refusal => {
  if (stream === '' || stream === '$$') return { kind: 'invalid', message: `Invalid stream name "${stream}"` };
  let sum = 0;
  for (const event of events) {
    if (!event) return { kind: 'properties-missing' };
    if (!UUID.test(event.id) || event.id === NO_ID)
      return { kind: 'invalid', message: `Invalid event id "${event.id}"` };
    if (event.type === '') return { kind: 'invalid', message: `Event ${event.id} has an empty type` };
    const size = event.data.length + event.metadata.length + 2 * event.type.length;
    if (size > limits.event) return { kind: 'event-too-large', id: event.id, size, limit: limits.event };
    sum += limits.countsMetadata ? size : event.data.length;
    if (sum > limits.append) return { kind: 'append-too-large', limit: limits.append };
  }
  return events as readonly ProposedEvent[];
};
