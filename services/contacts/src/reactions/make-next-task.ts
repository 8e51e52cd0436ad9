import { CommandBus } from '@nestjs/cqrs';
import { partsOf, prefixOf } from '@rapport/event-store';
import { type CallContext, type Circumstances, fold, idFrom, isRejection, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { ActivityEvent, ActivityFields } from '../domain/activity/activity.events.js';
import { activity, type ActivityState } from '../domain/activity/activity.js';
import { nextOf } from '../activities/recurrence.js';

const NAME = 'make-next-task';

/** A task that comes again is followed by the next one when it is completed: once for each day, however often that is said. */
export const makeNextTask = (provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(activity.aggregate)],
  types: ['TaskCompleted'] satisfies readonly ActivityEvent['type'][],
  react: async (event) => {
    const { events }: ServiceRuntime = provided(RUNTIME);
    const { id: followsId } = partsOf(event.stream);
    const history = await Array.fromAsync(events.read(event.stream, { limit: event.revision + 1 }));
    const next = following(fold(activity, history as unknown as readonly ActivityEvent[]));
    if (!next) return 'done';
    const id = idFrom(followsId, NAME, next.dueOn!);
    const decide = (state: ActivityState, at: Circumstances) => {
      const decision = state ? [] : activity.decide.create(state, { ...next, followsId } as ActivityFields, at);
      // What an erasure has left nothing of does not come again.
      return isRejection(decision) ? [] : decision;
    };
    const steps = [{ name: 'RepeatTask', input: event.id, decide }];
    const order = { decider: activity, id, steps, call: callAfter(event), commandId: idFrom(event.id, NAME) };
    await provided(CommandBus).execute(new RunCommand(order as never));
    return 'done';
  },
});

/** What the next one says; undefined where none follows. */
const following = (state: ActivityState): ActivityFields | undefined => {
  const { recurrence, dueOn } = state ?? {};
  const next = recurrence === undefined || dueOn === undefined ? undefined : nextOf(recurrence, dueOn);
  if (!state || !next) return undefined;
  const { archived: _, pinned: __, status: ___, completedAt: ____, contactIds: _____, ...said } = state;
  const remindAt = said.remindAt === undefined ? {} : { remindAt: moved(said.remindAt, dueOn!, next.dueOn) };
  return { ...said, ...next, ...remindAt };
};

/** As long before the day as before. */
const moved = (instant: string, from: string, to: string): string =>
  new Date(Date.parse(instant) + Date.parse(to) - Date.parse(from)).toISOString();

const callAfter = ({ id, metadata }: RecordedEvent): CallContext => ({
  principal: { tenant: metadata.tenant, actor: { kind: 'system', id: NAME }, roles: [] },
  correlationId: metadata.correlationId,
  causationId: id,
  answer: {},
});
