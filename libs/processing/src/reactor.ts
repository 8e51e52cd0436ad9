import type { Bookkeeping, EventStore, Page } from '@rapport/event-store';
import type { Position, RecordedEvent } from '@rapport/kernel';
import { ATTRIBUTES, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import type { Scope } from '@rapport/read-models';
import { backoff, pause } from './backoff.js';
import { checkpointBeside, type Checkpoint } from './checkpoint.js';
import { Follower, FollowerStopped, type PageOutcome, type Trouble } from './follower.js';
import type { ParkedEvents } from './parked-events.js';
import type { Reaction, Verdict } from './reaction.js';

export interface ReactorParts {
  readonly events: EventStore;
  readonly books: Bookkeeping;
  readonly parked: ParkedEvents;
  readonly trouble?: Trouble;
}

/**
 * The follower of a reaction. The checkpoint moves behind the events that are settled, also when the next one stops
 * everything or the process ends in the middle of a page, so that nothing is needlessly done twice.
 */
export const reactor = (reaction: Reaction, parts: ReactorParts): Follower => {
  const wanted = new Set(reaction.types);
  const { name, prefixes } = reaction;
  const checkpoint = checkpointBeside(parts.books, name);
  const handle = (page: Page, signal: AbortSignal): Promise<PageOutcome> => {
    const events = page.events.filter(({ type }) => wanted.has(type));
    if (events.length === 0) return Promise.resolve('nothing');
    return settleAll({ reaction, parts, checkpoint }, events, page.position, signal);
  };
  return new Follower(parts.events, { name, prefixes, checkpoint, handle, trouble: parts.trouble });
};

/** Between events that take long, the checkpoint is saved so often. */
const SAVE_EVERY_MILLISECONDS = 1_000;

interface Reacting {
  readonly reaction: Reaction;
  readonly parts: ReactorParts;
  readonly checkpoint: Checkpoint;
}

const settleAll = async (
  reacting: Reacting,
  events: readonly RecordedEvent[],
  end: Position,
  signal: AbortSignal,
): Promise<PageOutcome> => {
  const { checkpoint } = reacting;
  let settled: Position | undefined;
  let savedAt = Date.now();
  try {
    for (const event of events) {
      if (signal.aborted || !(await settle(reacting, event, signal))) return 'unfinished';
      settled = event.position;
      if (Date.now() - savedAt < SAVE_EVERY_MILLISECONDS) continue;
      await checkpoint.save(settled);
      savedAt = Date.now();
    }
    settled = end;
    return 'saved';
  } finally {
    if (settled !== undefined) await checkpoint.save(settled);
  }
};

/** False when stopping came first. @throws FollowerStopped */
const settle = async ({ reaction, parts }: Reacting, event: RecordedEvent, signal: AbortSignal): Promise<boolean> => {
  const { name, attempts = 10 } = reaction;
  for (let attempt = 1; ; attempt += 1) {
    const { verdict, failure } = await judged(reaction, event, signal);
    if (verdict === 'done') return true;
    if (typeof verdict === 'object' && 'stop' in verdict) throw new FollowerStopped(`${name} stopped: ${verdict.stop}`);
    if (typeof verdict === 'object') {
      await parts.parked.park(name, event, verdict.park, attempt);
      return true;
    }
    // A reaction that gave up because it was asked to has not failed.
    if (signal.aborted) return false;
    parts.trouble?.(name, failure, attempt);
    if (attempt >= attempts) {
      await parts.parked.park(name, event, reasonOf(failure), attempt);
      return true;
    }
    await pause(backoff(attempt), signal);
    if (signal.aborted) return false;
  }
};

interface Judged {
  readonly verdict: Verdict;
  readonly failure?: unknown;
}

/** The reaction's answer, as part of the trace that the event belongs to. */
const judged = async (reaction: Reaction, event: RecordedEvent, signal: AbortSignal): Promise<Judged> => {
  try {
    return { verdict: await traced(reaction, event, signal), failure: ASKED_AGAIN };
  } catch (failure) {
    return { verdict: 'retry', failure };
  }
};

const traced = (reaction: Reaction, event: RecordedEvent, signal: AbortSignal): Promise<Verdict> => {
  if (!tracer.enabled) return reaction.react(event, signal);
  const attributes = {
    [ATTRIBUTES.follower]: reaction.name,
    [ATTRIBUTES.eventType]: event.type,
    [ATTRIBUTES.stream]: event.stream,
  };
  return withRemoteParent(event.metadata.traceparent, () =>
    tracer.span(SPANS.reaction, attributes, async (span) => {
      const verdict = await reaction.react(event, signal);
      span.set(ATTRIBUTES.outcome, typeof verdict === 'string' ? verdict : Object.keys(verdict).join());
      return verdict;
    }),
  );
};

const ASKED_AGAIN = new Error('it asked to be tried again too often');

const reasonOf = (failure: unknown): string => (failure instanceof Error ? failure.message : String(failure));

/**
 * Handles a parked event again: it leaves the list when the verdict is done; otherwise it stays, with the new reason.
 * @throws DomainError not-found
 */
export const replayParked = async (
  reaction: Reaction,
  parts: ReactorParts,
  scope: Scope,
  id: string,
): Promise<Verdict> => {
  const event = await parts.parked.event(parts.events, scope, id);
  const { verdict, failure } = await judged(reaction, event, new AbortController().signal);
  if (verdict === 'done') await parts.parked.remove(scope.tenant, id);
  else
    await parts.parked.park(
      reaction.name,
      event,
      typeof verdict === 'object' ? Object.values(verdict).join() : reasonOf(failure),
      1,
    );
  return verdict;
};
