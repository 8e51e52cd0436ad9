import { prefixOf } from '@rapport/event-store';
import type { Reaction } from '@rapport/processing';
import { codeOf, type Firing } from './firing.js';
import { TIMER, type DueTimer } from './timer-events.js';

/**
 * A timer that failed too often is tried once more and then lies among the parked events, where somebody can look at it and
 * have it fired after all.
 */
export const fireParkedTimer = (firing: Firing): Reaction => ({
  name: 'fire-parked-timer',
  prefixes: [prefixOf(TIMER)],
  types: ['TimerParked'],
  react: async ({ data }) => {
    const { record, timer, dueAt } = data as DueTimer;
    try {
      await firing.fire({ record, timer, dueAt });
      return 'done';
    } catch (failure) {
      return { park: failure instanceof Error ? failure.message : codeOf(failure) };
    }
  },
});
