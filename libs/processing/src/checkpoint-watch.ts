import type { Position } from '@rapport/kernel';
import { pause } from './backoff.js';
import type { Progress } from './progress.js';

/** Looks follow each other so closely at first while somebody waits, then less and less so. */
const FIRST_MILLISECONDS = 2;
const MOST_MILLISECONDS = 50;

/** Follows, in a process that does not own a follower, how far the owner has brought it. */
export class CheckpointWatch {
  private watching: AbortController | undefined;
  private waking = new AbortController();

  /**
   * @param glance milliseconds between two looks while nobody waits
   * @param progress what is to be kept up to date; asked for at every look
   * @param look where the stored checkpoint is; a failure is taken for "not known at the moment"
   */
  constructor(
    private readonly glance: number,
    private readonly progress: () => Progress,
    private readonly look: () => Promise<Position | undefined>,
  ) {}

  start(): void {
    if (this.watching) return;
    this.watching = new AbortController();
    void this.watch(this.watching.signal);
  }

  stop(): void {
    this.watching?.abort();
    this.watching = undefined;
    this.waking.abort();
    this.progress().onWaiting = undefined;
  }

  private async watch(signal: AbortSignal): Promise<void> {
    let wait = FIRST_MILLISECONDS;
    for (;;) {
      const waking = (this.waking = new AbortController());
      this.progress().onWaiting = () => waking.abort();
      const position = await this.look().catch(() => undefined);
      if (signal.aborted) return;
      const progress = this.progress();
      progress.onWaiting = () => waking.abort();
      if (position !== undefined) progress.follow(position);
      wait = progress.isAwaited ? Math.min(wait * 2, MOST_MILLISECONDS) : FIRST_MILLISECONDS;
      await pause(progress.isAwaited ? wait : this.glance, progress.isAwaited ? signal : waking.signal);
      if (signal.aborted) return;
    }
  }
}
