import { timer } from '@rapport/kernel';
import type { ActivityEvent } from './activity.events.js';
import { activity, type ActivityState } from './activity.js';

/** The moment at which whoever a task belongs to wants to be reminded of it. */
export const reminder = timer<ActivityState, ActivityEvent>({
  decider: activity,
  name: 'reminder',
  dueAt: (event) => {
    switch (event.type) {
      case 'ActivityCreated':
        return event.data.remindAt ?? null;
      case 'ActivityEdited':
      case 'ActivityChangeUndone':
        return event.data.set.remindAt;
      default:
        return undefined;
    }
  },
  decide: activity.decide.remind,
});
