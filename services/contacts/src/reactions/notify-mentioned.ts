import { partsOf, prefixOf } from '@rapport/event-store';
import { fold } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { notify, type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { ActivityEvent } from '../domain/activity/activity.events.js';
import { activity, type ActivityState } from '../domain/activity/activity.js';

/**
 * Whom somebody mentions is told, once for each time that they come to be mentioned. Not by what was brought in, nor by what follows
 * from something else. Whoever is given the activity at the same time is told of that.
 */
export const notifyMentioned = (provided: Provided): Reaction => ({
  name: 'notify-mentioned',
  prefixes: [prefixOf(activity.aggregate)],
  types: ['ActivityCreated', 'ActivityEdited'] satisfies readonly ActivityEvent['type'][],
  react: async (event) => {
    const { actor, causationId } = event.metadata;
    if ((actor.kind !== 'user' && actor.kind !== 'apiKey') || causationId !== undefined) return 'done';
    const { mentions, ownerId } = saidIn(event.data);
    if (!mentions || mentions.length === 0) return 'done';
    const before = await stateBefore(provided, event);
    const known = new Set([...(before?.mentions ?? []), actor.id, actor.onBehalfOf, ownerId]);
    const { aggregate: object, id: recordId } = partsOf(event.stream);
    for (const to of new Set(mentions))
      if (!known.has(to)) await notify(provided, event, { kind: 'mentioned', to, object, recordId });
    return 'done';
  },
});

interface Said {
  readonly mentions?: readonly string[] | null;
  readonly ownerId?: string;
}

const saidIn = (data: object): Said => ('set' in data ? (data.set as Said) : data);

const stateBefore = async (
  provided: Provided,
  { stream, revision }: { readonly stream: string; readonly revision: number },
): Promise<ActivityState> => {
  if (revision === 0) return null;
  const { events }: ServiceRuntime = provided(RUNTIME);
  const history = await Array.fromAsync(events.read(stream, { limit: revision }));
  return fold(activity, history as unknown as readonly ActivityEvent[]);
};
