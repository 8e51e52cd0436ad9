import type { FollowerNews } from './follower-news.js';

/** What a rebuild has come to. */
export interface Rebuild {
  readonly generation: string;
  /** How many events it took. */
  readonly events: number;
}

/** Those who are told of everything at once, so that they need not look for what was stored. */
export interface Audience {
  /** A follower has moved, or failed. `lease` is what its owner owns. */
  tell(lease: string, news: FollowerNews): void;
  /** Resolves once none of them reads from another generation than the one they were told of last. */
  goneOver(lease: string): Promise<void>;
}

/** Gives a listener what is known, then whatever comes; undefined while nobody follows. */
export type Hear = (news: FollowerNews | undefined) => Promise<void> | void;

/** What somebody who follows in this one's place tells. */
export interface Told {
  /** Until what it answers with is called. */
  listen(lease: string, hear: Hear): () => void;
  /** As {@link LiveProjection.rebuild}. */
  rebuild(projection: string): Promise<Rebuild>;
}

/** Listens while it is not stopped, as {@link CheckpointWatch} looks. */
export class ToldWatch {
  private unlisten: (() => void) | undefined;

  constructor(
    private readonly told: Told,
    private readonly lease: string,
    private readonly hear: Hear,
  ) {}

  start(): void {
    this.unlisten ??= this.told.listen(this.lease, this.hear);
  }

  stop(): void {
    this.unlisten?.();
    this.unlisten = undefined;
  }
}
