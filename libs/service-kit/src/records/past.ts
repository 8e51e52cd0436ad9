import type { typesV1 } from '@rapport/contracts';
import { type EventStore, streamName } from '@rapport/event-store';
import {
  type Decider,
  DomainError,
  type DomainEvent,
  fold,
  type MergeStatus,
  type RecordedEvent,
} from '@rapport/kernel';
import type { Scope } from '@rapport/read-models';
import { united } from '../merges/merged-records.js';
import { historyOf } from './history.js';
import { isInSight, shownPast } from './sight.js';

type InSight = Parameters<typeof isInSight>[1];

interface PastParts<State extends object | null, E extends DomainEvent> {
  readonly kind: { readonly decider: Decider<State, E, object>; readonly internal?: readonly string[] };
  readonly events: EventStore;
  readonly projection: InSight;
}

/** What happened to the records of a kind, as far as somebody sees them. */
export class Past<State extends object | null, E extends DomainEvent> {
  constructor(private readonly parts: PastParts<State, E>) {}

  /**
   * The events of a record, hidden fields and all. One that is a part of another is seen by whoever sees that one.
   * @throws DomainError not-found
   */
  async load(id: string, scope: Scope): Promise<readonly RecordedEvent[]> {
    const events = await this.read(id, scope);
    if (events.length === 0 || !(await this.isSeen(events, scope))) throw this.notFound(id);
    return events;
  }

  /** Changes of a record, and of all that are a part of it. @throws DomainError not-found */
  async entries(id: string, scope: Scope): Promise<readonly typesV1.HistoryEntry[]> {
    const events = shownPast(this.parts.kind.decider, await this.load(id, scope));
    const { mergedInto, mergedIds = [] } = this.mergeStatus(events);
    if (mergedInto !== undefined) return this.entries(mergedInto, scope);
    const parts = new Map<string, readonly typesV1.HistoryEntry[]>();
    for (const part of mergedIds) parts.set(part, this.entriesOf(await this.read(part, scope)));
    return united(this.entriesOf(events), parts);
  }

  entriesOf(events: readonly RecordedEvent[]): readonly typesV1.HistoryEntry[] {
    const { decider, internal = [] } = this.parts.kind;
    return historyOf(decider as never, events, ['archivedBefore', ...internal]);
  }

  notFound(id: string): DomainError {
    const { aggregate } = this.parts.kind.decider;
    const message = `There is no ${aggregate} ${id}. Check the id, or list them.`;
    return new DomainError('not-found', `${aggregate}-not-found`, message);
  }

  private read(id: string, { tenant }: Scope): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.parts.events.read(streamName(this.parts.kind.decider.aggregate, tenant, id)));
  }

  private async isSeen(events: readonly RecordedEvent[], scope: Scope): Promise<boolean> {
    const { mergedInto } = this.mergeStatus(events);
    if (mergedInto === undefined) return isInSight(scope, this.parts.projection, events);
    return this.isSeen(await this.read(mergedInto, scope), scope);
  }

  private mergeStatus(events: readonly RecordedEvent[]): MergeStatus {
    return fold(this.parts.kind.decider, events as unknown as readonly E[]) ?? {};
  }
}
