import type { Appended, EventStore, ExpectedRevision, FollowOptions, ReadOptions } from '@rapport/event-store';
import type { NewEvent, Position } from '@rapport/kernel';

/** A store as a process sees it that is killed at its n-th operation: before it, or after it was done and nobody answered. */
export class MortalStore implements EventStore {
  #done = 0;

  constructor(
    private readonly store: EventStore,
    private readonly dies: { readonly at: number; readonly answered: 'before' | 'after' },
  ) {}

  /** Whether it was killed by now. */
  get isDead(): boolean {
    return this.#done >= this.dies.at;
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    return this.#operation(() => this.store.append(stream, events, expected));
  }

  async *read(stream: string, options?: ReadOptions) {
    await this.#operation(async () => undefined);
    yield* this.store.read(stream, options);
  }

  follow(options: FollowOptions) {
    return this.store.follow(options);
  }

  end() {
    return this.#operation(() => this.store.end());
  }

  lacks(position: Position) {
    return this.#operation(() => this.store.lacks(position));
  }

  removeTenant(...given: Parameters<EventStore['removeTenant']>) {
    return this.store.removeTenant(...given);
  }

  async close(): Promise<void> {}

  async #operation<T>(operation: () => Promise<T>): Promise<T> {
    if (this.isDead) throw new Error('killed');
    this.#done += 1;
    if (!this.isDead) return operation();
    if (this.dies.answered === 'after') await operation();
    throw new Error('killed');
  }
}
