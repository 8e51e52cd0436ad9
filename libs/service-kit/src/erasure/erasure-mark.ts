import type { EventStore } from '@rapport/event-store';
import { type Position, type RecordedEvent, START } from '@rapport/kernel';
import type { KeyStore } from '@rapport/privacy';
import type { Checkpoint } from '@rapport/processing';

/** How far erasures of a context were applied to a keyring, and the last event that was seen by then. */
interface Mark {
  readonly position: Position;
  readonly seen?: Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'position'>;
}

/**
 * A checkpoint in the keyring, to which it belongs. Facts that were put back from an older copy, or are others, do not have the
 * event that was seen last, or end before the mark: then what is in doubt is gone over again, because positions may mean
 * something else now.
 */
export class ErasureMark implements Checkpoint {
  private seen: Mark['seen'];
  private saved: Position | undefined;
  private isSure = false;

  constructor(
    private readonly context: string,
    private readonly keys: KeyStore,
    private readonly events: EventStore,
  ) {}

  /** Told of events before a position behind them is saved. */
  see(events: readonly RecordedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    const { id, stream, revision, position } = last;
    this.seen = { id, stream, revision, position };
  }

  /** Makes sure the first time; from then on this process has seen all events itself. */
  async load(): Promise<Position> {
    const noted = await this.keys.note(this.name);
    if (noted === undefined) return START;
    const mark = JSON.parse(noted) as Mark;
    if (this.isSure) return mark.position;
    this.isSure = true;
    if (mark.seen === undefined || !(await this.isThere(mark.seen))) return START;
    this.seen ??= mark.seen;
    return mark.position > (await this.events.end()) ? mark.seen.position : mark.position;
  }

  async save(position: Position): Promise<void> {
    if (position === this.saved) return;
    const mark: Mark = { position, ...(this.seen ? { seen: this.seen } : {}) };
    await this.keys.setNote(this.name, JSON.stringify(mark));
    this.saved = position;
  }

  private async isThere({ id, stream, revision, position }: NonNullable<Mark['seen']>): Promise<boolean> {
    for await (const event of this.events.read(stream, { from: revision, limit: 1 }))
      return event.id === id && event.position === position;
    return false;
  }

  private get name(): string {
    return `erasures of ${this.context}`;
  }
}
