import type { GroupOffset, MessageLog } from './message-log.js';
import type { PartitionWorker } from './partition-worker.js';
import type { OnTrouble } from './trouble.js';

/** At most this much handled work is handed out again after a crash. */
const SAVE_AFTER_MILLISECONDS = 50;

/** Saves how far workers have come: all that moved, together, a moment later. */
export class GroupProgress {
  private readonly moved = new Set<PartitionWorker>();
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: MessageLog,
    private readonly onTrouble: OnTrouble,
  ) {}

  readonly progressed = (worker: PartitionWorker): void => {
    this.moved.add(worker);
    this.timer ??= setTimeout(() => void this.save(), SAVE_AFTER_MILLISECONDS);
  };

  /** Resolves when everything up to now is saved, or failed to be: then those messages come again. */
  save(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const offsets = [...this.moved].map(offsetOf);
    this.moved.clear();
    this.saving = this.saving.then(() => (offsets.length === 0 ? undefined : this.write(offsets)));
    return this.saving;
  }

  private async write(offsets: readonly GroupOffset[]): Promise<void> {
    try {
      await this.log.save(offsets);
    } catch (error) {
      const { group, topic } = offsets[0]!;
      this.onTrouble({ kind: 'storage', group, topic, error });
    }
  }
}

const offsetOf = ({ work: { group, topic, partition }, next }: PartitionWorker): GroupOffset => ({
  group,
  topic,
  partition,
  next,
});
