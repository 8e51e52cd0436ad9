import { partsOf, prefixOf } from '@rapport/event-store';
import { fold } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { notify, type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { ActivityEvent } from '../domain/activity/activity.events.js';
import { activity } from '../domain/activity/activity.js';

/** Whose task it is hears of the moment at which somebody wanted them to be reminded. */
export const notifyOfReminders = (provided: Provided): Reaction => ({
  name: 'notify-of-reminders',
  prefixes: [prefixOf(activity.aggregate)],
  types: ['TaskReminded'] satisfies readonly ActivityEvent['type'][],
  react: async (event) => {
    const { events }: ServiceRuntime = provided(RUNTIME);
    const history = await Array.fromAsync(events.read(event.stream));
    const to = fold(activity, history as unknown as readonly ActivityEvent[])?.ownerId;
    const { aggregate: object, id: recordId } = partsOf(event.stream);
    if (to !== undefined) await notify(provided, event, { kind: 'due', to, object, recordId });
    return 'done';
  },
});
