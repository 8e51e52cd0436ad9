import {
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  nameIn,
  type Page,
  partsOf,
  type ReadOptions,
  type RemovedStreams,
} from '@rapport/event-store';
import { DomainError, type NewEvent, type Position, type RecordedEvent, START } from '@rapport/kernel';
import type { CachedKeyStore } from './cached-key-store.js';

/**
 * Events of the tenants that there are. Of one whose keys are all destroyed nothing is read, followed or stored any more, whatever an
 * engine or a backup still has of it: but for the aggregates that tell of just that.
 */
export class RemainingEventStore implements EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly keys: Pick<CachedKeyStore, 'isGone' | 'isAnyGone'>,
    private readonly kept: readonly string[],
  ) {}

  /** What is heard of such a tenant in another context is let pass. @throws DomainError gone `workspace-deleted` */
  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    if (!this.#isGone(stream)) return this.store.append(stream, events, expected);
    const { aggregate, tenant } = partsOf(stream);
    if (nameIn(aggregate) === aggregate) throw workspaceDeleted(tenant);
    const before = typeof expected === 'number' ? expected : -1;
    return { revision: before + events.length, position: START };
  }

  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent> {
    return this.#isGone(stream) ? none() : this.store.read(stream, options);
  }

  async *follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    for await (const page of this.store.follow(options)) {
      const isWhole = !page.events.some(({ stream }) => this.#isGone(stream));
      yield isWhole ? page : { ...page, events: page.events.filter(({ stream }) => !this.#isGone(stream)) };
    }
  }

  end(): Promise<Position> {
    return this.store.end();
  }

  lacks(position: Position): Promise<boolean> {
    return this.store.lacks(position);
  }

  removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams> {
    return this.store.removeTenant(tenant, kept);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  #isGone(stream: string): boolean {
    if (!this.keys.isAnyGone) return false;
    const { aggregate, tenant } = partsOf(stream);
    return this.keys.isGone(tenant) && !this.kept.includes(nameIn(aggregate));
  }
}

async function* none(): AsyncGenerator<RecordedEvent, void, undefined> {}

export const workspaceDeleted = (tenant: string): DomainError =>
  new DomainError(
    'gone',
    'workspace-deleted',
    `The workspace ${tenant} was deleted. Its name is not used again: take another one.`,
  );
