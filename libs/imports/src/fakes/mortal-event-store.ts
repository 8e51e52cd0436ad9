import type { Appended, EventStore, ExpectedRevision, FollowOptions, ReadOptions } from '@rapport/event-store';
import { DomainError, type NewEvent, type Position } from '@rapport/kernel';

/** A store whose process dies at its n-th append, with the write done or not; from then on nothing answers. */
export class MortalEventStore implements EventStore {
  dead = false;

  constructor(
    private readonly store: EventStore,
    private appendsLeft = Infinity,
    private readonly lastOneWritten = false,
  ) {}

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    this.#check();
    this.appendsLeft -= 1;
    if (this.appendsLeft > 0) return this.store.append(stream, events, expected);
    if (this.lastOneWritten) await this.store.append(stream, events, expected);
    this.dead = true;
    throw gone();
  }

  read(stream: string, options?: ReadOptions) {
    this.#check();
    return this.store.read(stream, options);
  }

  follow(options: FollowOptions) {
    return this.store.follow(options);
  }

  end() {
    return this.store.end();
  }

  lacks(position: Position) {
    return this.store.lacks(position);
  }

  removeTenant(...given: Parameters<EventStore['removeTenant']>) {
    return this.store.removeTenant(...given);
  }

  async close(): Promise<void> {}

  #check(): void {
    if (this.dead) throw gone();
  }
}

const gone = () => new DomainError('unavailable', 'gone', 'The process is gone.');
