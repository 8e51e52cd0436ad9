import type { NewEvent } from '@rapport/kernel';
import { WrongExpectedRevision } from './errors.js';
import type { ExpectedRevision } from './event-store.js';

export interface AppendRequest {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
}

/**
 * Whether an append is to be written, or repeats an earlier one exactly: the rule of the port, for stores that decide
 * themselves.
 *
 * @param head last revision of the stream, -1 when it does not exist
 * @param idAt id of the stored event with a revision; asked only when the request is behind the head
 * @throws WrongExpectedRevision
 */
export const decideAppend = (
  { stream, events, expected }: AppendRequest,
  head: number,
  idAt: (revision: number) => string | undefined,
): 'write' | 'repeated' => {
  if (expected === 'any' || (expected === 'exists' && head >= 0)) return 'write';
  const base = baseOf(expected);
  if (expected !== 'exists') {
    if (base === head) return 'write';
    if (base < head && events.length > 0 && events.every(({ id }, n) => idAt(base + 1 + n) === id)) return 'repeated';
  }
  throw new WrongExpectedRevision(stream, expected, head);
};

/** The revision that an expectation with a place stands on; an exact retry is looked for right after it. */
export const baseOf = (expected: ExpectedRevision): number => (typeof expected === 'number' ? expected : -1);
