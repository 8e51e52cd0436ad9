import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';
import type { Outlet } from '../calls/outlet.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';
import { filterOf } from '../log/filter.js';
import type { Log } from '../log/log.js';
import { allRange, isBoundary, isFresh, type Range, streamRange } from '../log/range.js';
import { invalidPosition, streamDeleted, unknown } from '../wire/failures.js';
import type { ReadAnswer } from '../wire/protocol.js';
import { streamNotFound } from '../wire/read-answers.js';
import { answerOf } from './event-answer.js';
import type { Release } from '../release.js';
import type { ReadRequest } from './read-request.js';

/** Events that the server looks at in one go. */
const PAGE = 32;

/** Answers with what is there now, and ends. */
export const read = async (
  log: Log,
  faults: FaultSwitchboard,
  outlet: Outlet<ReadAnswer>,
  request: ReadRequest & { readonly count: number; readonly release: Release },
): Promise<void> => {
  if (request.count <= 0) throw unknown('The count of events to read must be greater than 0');
  const range = rangeOf(log, request);
  if (!range) {
    await outlet.write(streamNotFound(request.stream!));
    return outlet.finish();
  }
  const matches = request.filter && filterOf(request.filter);
  const [now, hides] = [Date.now(), request.stream !== undefined];
  let left = request.count;
  for (let index = range.start; index * range.step < range.end * range.step; index += range.step) {
    if (!outlet.open || left === 0) break;
    if ((index - range.start) % PAGE === 0) await (faults.delay() ?? immediate());
    const entry = range.entries[index]!;
    if ((hides && !isFresh(entry, now)) || matches?.(entry) === false) continue;
    left--;
    const slow = outlet.write(answerOf(log, entry, request.resolveLinks));
    if (slow) await slow;
    if (faults.readerDelay > 0) await wait(faults.readerDelay);
  }
  outlet.finish();
};

/** Undefined for a stream that is not there. */
const rangeOf = (
  log: Log,
  { stream: name, from, backwards, release }: ReadRequest & { readonly release: Release },
): Range | undefined => {
  if (name === undefined) {
    if (typeof from === 'number' && !isBoundary(log, from)) throw invalidPosition(release.noRecord);
    return allRange(log, from, backwards);
  }
  const stream = log.find(name);
  if (stream?.tombstone && log.isVisible(stream.tombstone)) throw streamDeleted(name);
  if (!stream || stream.softDeleted || log.visible(stream) === 0) return undefined;
  return streamRange(log, stream, from, backwards);
};
