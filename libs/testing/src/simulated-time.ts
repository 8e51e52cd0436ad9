import type { Clock } from '@rapport/kernel';
import { pause, type Ticks } from '@rapport/processing';

/** Time that passes when a test says so. */
export interface SimulatedTime {
  readonly clock: Clock;
  /** Goes along with the clock. Whoever pauses is woken again and again, to look what time it is. */
  readonly ticks: Ticks;
  advance(milliseconds: number): void;
  /** Lets minutes pass until something holds; after an hour some at a time. */
  passUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SOME_MINUTES = 5 * MINUTE;
const LOOK_MILLISECONDS = 5;
const PATIENCE_MILLISECONDS = 60_000;

export const simulatedTime = (start: string | number): SimulatedTime => {
  const began = new Date(start).getTime();
  let passed = 0;
  const look = (): Promise<void> => pause(LOOK_MILLISECONDS, new AbortController().signal);
  return {
    clock: { now: () => new Date(began + passed) },
    ticks: { now: () => passed, pause: (_, signal) => pause(LOOK_MILLISECONDS, signal) },
    advance: (milliseconds) => void (passed += milliseconds),
    async passUntil(what, holds) {
      const giveUpAt = performance.now() + PATIENCE_MILLISECONDS;
      const from = passed;
      while (!(await holds())) {
        if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}.`);
        passed += passed - from < HOUR ? MINUTE : SOME_MINUTES;
        await look();
      }
    },
  };
};
