import type { Clock } from '@rapport/kernel';
import type { Ticks } from '@rapport/processing';

/** More than this much that the clock moved and the monotonic one did not, or the other way round, is a jump. */
export const JUMP_MILLISECONDS = 1_000;

/** So long the two have to have gone along with each other. */
export const CALM_MILLISECONDS = 30_000;

/**
 * A clock that is believed only while it is plain what time it is: not from a jump on, nor from the start on, until it has
 * gone along with the monotonic clock for a while. A jump that lasts is the time then; one that is taken back within that
 * while was never believed.
 */
export class PlainClock {
  #last: { readonly time: number; readonly tick: number } | undefined;
  /** By the monotonic clock. */
  #calmSince = 0;

  /** @param jumped told of every jump: how far ahead, in milliseconds, the clock went */
  constructor(
    private readonly clock: Clock,
    private readonly ticks: Ticks,
    private readonly jumped: (milliseconds: number) => void = () => undefined,
  ) {}

  /** The time, or undefined while it is not plain. To be asked often: what happened between two readings is seen at the second. */
  now(): Date | undefined {
    const tick = this.ticks.now();
    const now = this.clock.now();
    const time = now.getTime();
    if (this.#last === undefined) this.#calmSince = tick;
    else {
      const ahead = time - this.#last.time - (tick - this.#last.tick);
      if (Math.abs(ahead) > JUMP_MILLISECONDS) {
        this.#calmSince = tick;
        this.jumped(ahead);
      }
    }
    this.#last = { time, tick };
    return tick - this.#calmSince >= CALM_MILLISECONDS ? now : undefined;
  }
}
