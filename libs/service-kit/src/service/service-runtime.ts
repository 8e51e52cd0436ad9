import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { prefixOf, type EventStore } from '@rapport/event-store';
import { DomainError, type Position } from '@rapport/kernel';
import {
  ForeignReader,
  LiveProjection,
  ParkedEvents,
  reactor,
  relay,
  type Follower,
  type Progress,
  type Reaction,
  type ReactorParts,
  type Trouble,
} from '@rapport/processing';
import { SealedEventStore } from '@rapport/privacy';
import type { Document } from '@rapport/read-models';
import { ContextEvents } from '../feed/context-events.js';
import type { Engines } from '../engines.js';
import type { Provided, ServiceDefinition } from './service-definition.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 60_000;

export interface FollowerStatus {
  readonly name: string;
  readonly position: Position;
  readonly caughtUp: boolean;
  readonly handled: number;
  readonly failure?: string;
}

/** A running service: its followers and what they have built. Nest starts and stops it. */
export class ServiceRuntime implements OnModuleInit, OnModuleDestroy {
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  readonly feed: ContextEvents;
  readonly relay: Follower;
  parked!: ParkedEvents;
  reactions: readonly Reaction[] = [];
  private readonly projections: ReadonlyMap<string, LiveProjection>;
  private readonly readers: ReadonlyMap<string, ForeignReader>;
  private reactors: readonly Follower[] = [];

  constructor(
    readonly definition: ServiceDefinition,
    readonly engines: Engines,
    private readonly provided: Provided,
  ) {
    const { aggregates, context, personal, projections, reads = [] } = definition;
    const { bus, keys, readModels } = engines;
    const { trouble } = this;
    this.events = new SealedEventStore(engines.events, keys, personal);
    const parts = { events: this.events, readModels, trouble };
    this.projections = new Map(
      projections.map((projection) => [projection.declaration.name, new LiveProjection(parts, projection)]),
    );
    this.readers = new Map(
      reads.map((reads) => [reads.declaration.name, new ForeignReader(context, bus, readModels, reads)]),
    );
    const prefixes = aggregates.map(prefixOf);
    this.relay = relay(definition, { sealedEvents: engines.events, bus, readModels, prefixes, trouble });
    const nearEnd = (): Position => this.relay.progress.position;
    this.feed = new ContextEvents({ publishing: definition, aggregates, events: this.events, nearEnd });
  }

  private readonly trouble: Trouble = (follower, failure, attempt) =>
    this.engines.logger.warn('A follower could not go on and tries again', { follower, attempt }, failure);

  async onModuleInit(): Promise<void> {
    const { engines } = this;
    this.parked = await ParkedEvents.open(engines.readModels);
    for (const projection of this.projections.values()) await projection.start();
    for (const reader of this.readers.values()) await reader.start();
    this.reactions = this.definition.reactions?.(engines, this.provided) ?? [];
    this.reactors = this.reactions.map((reaction) => reactor(reaction, this.reactorParts(reaction)));
    for (const follower of [this.relay, ...this.reactors]) follower.start();
  }

  /** Finishes what is in hand and saves how far everything has come. */
  async onModuleDestroy(): Promise<void> {
    const running = [...this.projections.values(), ...this.readers.values(), this.relay, ...this.reactors];
    await Promise.all(running.map((part) => part.stop()));
  }

  /** Resolves once every read model here knows everything that was written, or published to it, before the call. */
  async caughtUp(): Promise<void> {
    await Promise.all([...this.readers.values()].map((reader) => reader.caughtUp()));
    const end = await endOf(this.engines.events, this.relay.progress.position);
    await Promise.all([...this.projections.values()].map((part) => part.reach(end, CAUGHT_UP_WITHIN_MILLISECONDS)));
  }

  /** Resolves once what was written before the call is in the read models here and published for others. */
  async settled(): Promise<void> {
    const end = await endOf(this.engines.events, this.relay.progress.position);
    await this.relay.progress.reach(end, CAUGHT_UP_WITHIN_MILLISECONDS);
    await this.caughtUp();
  }

  projection<D extends Document>(name: string): LiveProjection<D> {
    const found = this.projections.get(name);
    if (!found)
      throw new DomainError(
        'internal',
        'no-such-projection',
        `There is no projection "${name}" in ${this.definition.context}.`,
      );
    return found as unknown as LiveProjection<D>;
  }

  reader<D extends Document>(name: string): ForeignReader<D> {
    const found = this.readers.get(name);
    if (!found)
      throw new DomainError('internal', 'no-such-reader', `Nothing reads "${name}" in ${this.definition.context}.`);
    return found as unknown as ForeignReader<D>;
  }

  /** What a reaction works with, also when a parked event is handled again. */
  reactorParts(reaction: Reaction): ReactorParts {
    const { events: sealed, readModels } = this.engines;
    return { events: reaction.readable ? this.events : sealed, readModels, parked: this.parked, trouble: this.trouble };
  }

  get allProjections(): readonly LiveProjection[] {
    return [...this.projections.values()];
  }

  status(): readonly FollowerStatus[] {
    const parts: readonly { readonly progress: Progress }[] = [
      ...this.projections.values(),
      ...this.readers.values(),
      this.relay,
      ...this.reactors,
    ];
    return parts.map(({ progress: { follower, position, caughtUp, handled, lastFailure } }) => ({
      name: follower,
      position,
      caughtUp,
      handled,
      ...(lastFailure === undefined ? {} : { failure: lastFailure }),
    }));
  }
}

/** Where the store ends now, looked for from a position near there. */
const endOf = async (events: EventStore, near: Position): Promise<Position> => {
  const enough = new AbortController();
  try {
    for await (const page of events.follow({ prefixes: [], after: near, signal: enough.signal })) {
      if (page.caughtUp) return page.position;
    }
    return near;
  } finally {
    enough.abort();
  }
};
