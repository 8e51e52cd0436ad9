import type { Position } from '@rapport/kernel';
import type { BookStreams } from './book-streams.js';

interface Known {
  readonly revision: number;
  readonly position: Position;
}

/** A follower's checkpoint: a stream's last event, which gives way only to one that was made knowing it. */
export class KeptCheckpoint {
  #known: Known | undefined;

  constructor(
    private readonly streams: BookStreams,
    private readonly stream: string,
  ) {}

  async load(): Promise<Position | undefined> {
    return (await this.#last())?.position;
  }

  /** Tries again on top of whatever others have saved meanwhile. */
  async save(position: Position): Promise<void> {
    let last = this.#known ?? (await this.#last());
    if (!last) await this.streams.keepLast(this.stream);
    while (!last || last.position < position) {
      const revision: number = last?.revision ?? -1;
      if (await this.streams.append(this.stream, 'CheckpointMoved', { position }, revision)) {
        this.#known = { revision: revision + 1, position };
        return;
      }
      last = await this.#last();
    }
  }

  async #last(): Promise<Known | undefined> {
    for await (const { revision, data } of this.streams.read(this.stream, { direction: 'backwards', limit: 1 })) {
      this.#known = { revision, position: (data as { position: Position }).position };
      return this.#known;
    }
    return undefined;
  }
}
