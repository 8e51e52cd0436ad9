import type { FollowerNews } from './follower-news.js';
import type { Hear, Rebuild, Told } from './told.js';

/** What is known here of the followers of another thread, and who listens to it. */
export class FollowersElsewhere implements Told {
  private readonly latest = new Map<string, FollowerNews>();
  private readonly listeners = new Map<string, Set<Hear>>();
  /** Of each listener to a lease: settles once it has gone over to what it was told last. */
  private readonly goings = new Map<string, Promise<unknown>>();
  private following = false;

  /** @param rebuild has the other thread rebuild a projection */
  constructor(readonly rebuild: (projection: string) => Promise<Rebuild>) {}

  listen(lease: string, hear: Hear): () => void {
    const known = this.listeners.get(lease) ?? new Set();
    this.listeners.set(lease, known.add(hear));
    const latest = this.latest.get(lease);
    if (!this.following) void hear(undefined);
    else if (latest) this.going(lease, [hear(latest)]);
    return () => known.delete(hear);
  }

  tell(lease: string, news: FollowerNews): void {
    this.following = true;
    this.latest.set(lease, news);
    const going = [...(this.listeners.get(lease) ?? [])].flatMap((hear) => hear(news) ?? []);
    if (going.length > 0) this.going(lease, going);
  }

  /** See {@link Audience.goneOver}. */
  async goneOver(lease: string): Promise<void> {
    await this.goings.get(lease);
  }

  /** The other thread has ended: until something is told again nobody follows. */
  lost(): void {
    this.following = false;
    this.latest.clear();
    for (const listeners of this.listeners.values()) for (const hear of listeners) void hear(undefined);
  }

  private going(lease: string, listeners: readonly (Promise<void> | void)[]): void {
    const all = Promise.all([this.goings.get(lease)?.catch(() => undefined), ...listeners]);
    // Whoever asks is told of a failure.
    all.catch(() => undefined);
    this.goings.set(lease, all);
  }
}
