import type { OnTrouble } from '@rapport/message-bus';
import type { PartitionFeed } from './partition-feed.js';

/** At most this much handled work is handed out again after a crash. */
const COMMIT_AFTER = 50;
const PAUSE_AFTER_FAILURE = 1_000;

/** Tells the group how far its partitions have come: all that moved, together, a moment later. */
export class OffsetCommits {
  private readonly moved = new Set<PartitionFeed>();
  private timer: NodeJS.Timeout | undefined;
  private committing: Promise<void> = Promise.resolve();

  constructor(
    private readonly group: string,
    private readonly commit: (feeds: readonly PartitionFeed[]) => Promise<void>,
    private readonly onTrouble: OnTrouble,
  ) {}

  readonly progressed = (feed: PartitionFeed): void => {
    this.moved.add(feed);
    this.timer ??= setTimeout(() => void this.flush(), COMMIT_AFTER);
  };

  /** Resolves when everything up to now is committed, or failed to be: then those messages may come again. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const feeds = [...this.moved];
    this.moved.clear();
    return (this.committing = this.committing.then(() => this.write(feeds)));
  }

  /** Partitions that were moved away: their offsets are others' business now. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.moved.clear();
  }

  private async write(feeds: readonly PartitionFeed[]): Promise<void> {
    if (feeds.length === 0) return;
    try {
      await this.commit(feeds);
    } catch (error) {
      this.onTrouble({ kind: 'storage', group: this.group, topic: feeds[0]!.worker.work.topic, error });
      for (const feed of feeds) this.moved.add(feed);
      this.timer ??= setTimeout(() => void this.flush(), PAUSE_AFTER_FAILURE);
    }
  }
}
