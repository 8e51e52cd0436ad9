import { CheckpointWatch } from './checkpoint-watch.js';
import type { Come } from './facts-behind.js';
import type { Follower } from './follower.js';
import type { Campaign, Ownership } from './ownership.js';
import type { Progress } from './progress.js';
import { ToldWatch } from './told.js';

/** A follower that runs in whichever process owns it; the others know from its checkpoint how far it has come. */
export class OwnedFollower {
  private campaign: Campaign | undefined;
  private readonly watch: CheckpointWatch | ToldWatch | undefined;

  constructor(
    private readonly ownership: Ownership,
    private readonly follower: Follower,
  ) {
    const { audience, glance, told } = ownership;
    const { checkpoint } = follower.definition;
    if (audience) this.progress.onMoved = () => audience.tell(this.lease, this.progress.news());
    if (told) this.watch = new ToldWatch(told, this.lease, (news) => this.progress.hear(news));
    else if (glance !== undefined)
      this.watch = new CheckpointWatch(
        glance,
        () => this.progress,
        () => checkpoint.load(),
      );
  }

  get progress(): Progress {
    return this.follower.progress;
  }

  /** What it is owned by. */
  get lease(): string {
    return this.follower.definition.name;
  }

  /** How far it has come by what is stored, whoever owned it. */
  async come(): Promise<Come> {
    const { name, checkpoint } = this.follower.definition;
    return { follower: name, position: await checkpoint.load() };
  }

  start(): void {
    const { follower, watch } = this;
    watch?.start();
    this.campaign = this.ownership.campaign(
      this.lease,
      async (term) => {
        watch?.stop();
        try {
          await follower.during(term);
        } finally {
          watch?.start();
        }
      },
      () => this.progress.lastFailure,
    );
  }

  /** Ends after the page in hand, and lets another process go on at once. */
  async stop(): Promise<void> {
    await this.campaign?.stop();
    this.watch?.stop();
    this.progress.stopped();
  }
}
