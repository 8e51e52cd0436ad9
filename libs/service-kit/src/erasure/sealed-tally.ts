import { externalAggregate, type EventStore, prefixOf, streamName } from '@rapport/event-store';
import { type RecordedEvent, START } from '@rapport/kernel';
import { isSealed, type PersonalFields, subjectsOf } from '@rapport/privacy';
import { pause } from '@rapport/processing';
import type { PersonForgotten } from './erasure.events.js';

/** Whoever is erased meanwhile is counted along; so many at a time. */
const TOGETHER = 1_000;

export interface SealedTallyParts {
  /** The store as it is on disk. */
  readonly events: EventStore;
  /** Aggregates with personal fields. */
  readonly personal: PersonalFields;
  /** Aggregates of other contexts, of which copies are kept here. */
  readonly listens: Readonly<Record<string, readonly string[]>>;
  /** Streams that tell who is forgotten. */
  readonly forgotten: readonly string[];
}

/**
 * Counts the facts of a context that hold something about a person: by whom they are sealed for, so that no place is left out. What
 * a record says about itself is found in its own stream; what may be about anybody is gone over, once for all who wait for it.
 */
export class SealedTally {
  private readonly counted = new Map<string, number>();

  constructor(private readonly parts: SealedTallyParts) {}

  /** Of the people whom an event forgets. */
  async of(event: RecordedEvent, signal: AbortSignal): Promise<number> {
    if (!this.counted.has(event.id)) await this.count(await this.waiting(event, signal), signal);
    const about = this.counted.get(event.id) ?? 0;
    this.counted.delete(event.id);
    return about + (await this.own(event));
  }

  /** In streams of their own, here and in copies of other contexts' records. */
  private async own(event: RecordedEvent): Promise<number> {
    const { events, listens, personal } = this.parts;
    const heard = Object.entries(listens).flatMap(([context, aggregates]) =>
      aggregates.map((aggregate) => externalAggregate(context, aggregate)),
    );
    const aggregates = [...Object.keys(personal).filter((each) => !this.areAboutOthers(each)), ...heard];
    let found = 0;
    for (const id of idsOf(event))
      for (const aggregate of aggregates)
        for await (const each of events.read(streamName(aggregate, event.metadata.tenant, id)))
          if (isSealed(each)) found += 1;
    return found;
  }

  private async count(waiting: readonly RecordedEvent[], signal: AbortSignal): Promise<void> {
    const people = new Map(waiting.flatMap((each) => idsOf(each).map((id) => [nameOf(each, id), each.id])));
    this.counted.clear();
    for (const { id } of waiting) this.counted.set(id, 0);
    const prefixes = Object.keys(this.parts.personal)
      .filter((each) => this.areAboutOthers(each))
      .map(prefixOf);
    await this.go({ prefixes, after: START }, signal, (fact) => {
      if (!isSealed(fact)) return;
      const about = new Set(subjectsOf(fact).map(({ id }) => people.get(nameOf(fact, id))));
      for (const erasure of about) if (erasure) this.counted.set(erasure, this.counted.get(erasure)! + 1);
    });
  }

  /** This one, and those behind it. */
  private async waiting(event: RecordedEvent, signal: AbortSignal): Promise<readonly RecordedEvent[]> {
    const found = [event];
    await this.go({ prefixes: this.parts.forgotten, after: event.position }, signal, (each) => {
      if (each.type === 'PersonForgotten' && found.length < TOGETHER) found.push(each);
    });
    return found;
  }

  private async go(
    { prefixes, after }: { readonly prefixes: readonly string[]; readonly after: RecordedEvent['position'] },
    signal: AbortSignal,
    look: (event: RecordedEvent) => void,
  ): Promise<void> {
    if (prefixes.length === 0) return;
    const enough = new AbortController();
    const either = AbortSignal.any([enough.signal, signal]);
    for await (const { events, caughtUp } of this.parts.events.follow({ prefixes, after, signal: either })) {
      events.forEach(look);
      if (caughtUp) enough.abort();
      else await pause(0, either);
    }
    signal.throwIfAborted();
  }

  private areAboutOthers(aggregate: string): boolean {
    return this.parts.personal[aggregate]!.some((field) => typeof field !== 'string');
  }
}

const idsOf = ({ data }: RecordedEvent): readonly string[] => (data as PersonForgotten['data']).ids;

const nameOf = ({ metadata: { tenant } }: RecordedEvent, id: string): string => `${tenant}/${id}`;
