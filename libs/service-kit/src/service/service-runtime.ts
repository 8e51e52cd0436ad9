import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { prefixOf, type EventStore, VersionedEventStore } from '@rapport/event-store';
import { DomainError, type Position } from '@rapport/kernel';
import {
  ForeignReader,
  LiveProjection,
  OwnedFollower,
  ParkedEvents,
  Progress,
  reactor,
  relay,
  type Owner,
  type Projection,
  type Reaction,
  type ReactorParts,
  type Trouble,
} from '@rapport/processing';
import { SealedEventStore } from '@rapport/privacy';
import type { Document } from '@rapport/read-models';
import { timerCatalogue } from '@rapport/timers';
import { ContextEvents } from '../feed/context-events.js';
import type { Engines } from '../engines.js';
import type { Provided, ServiceDefinition } from './service-definition.js';
import { ServiceTimers } from './service-timers.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 60_000;

export interface FollowerStatus {
  readonly name: string;
  readonly position: Position;
  readonly caughtUp: boolean;
  readonly handled: number;
  readonly failure?: string;
  /** The process that it runs in, and how many owners it has had; where there may be several processes. */
  readonly owner?: string;
  readonly term?: number;
}

/** A running service: its followers and what they have built. Nest starts and stops it. */
export class ServiceRuntime implements OnModuleInit, OnModuleDestroy {
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  /** The same, personal fields as they are on the disk. */
  private readonly sealed: EventStore;
  readonly feed: ContextEvents;
  readonly relay: OwnedFollower;
  readonly parked: ParkedEvents;
  reactions: readonly Reaction[] = [];
  private readonly projections: ReadonlyMap<string, LiveProjection>;
  private readonly readers: ReadonlyMap<string, ForeignReader>;
  private reactors: readonly OwnedFollower[] = [];
  private readonly timers: ServiceTimers | undefined;

  constructor(
    readonly definition: ServiceDefinition,
    readonly engines: Engines,
    private readonly provided: Provided,
  ) {
    const { aggregates, context, personal, reads = [], timers = [] } = definition;
    const { books, bus, keys, ownership, readModels } = engines;
    const { trouble } = this;
    const catalogue = [...definition.catalogue, timerCatalogue];
    this.parked = new ParkedEvents(books);
    this.sealed = new VersionedEventStore(engines.events, catalogue);
    this.events = new VersionedEventStore(new SealedEventStore(engines.events, keys, personal), catalogue);
    if (timers.length > 0) this.timers = new ServiceTimers({ timers, engines, events: this.events, provided, trouble });
    const projections = [...definition.projections, ...(this.timers ? [this.timers.projection] : [])];
    const parts = { events: this.events, readModels, ownership, trouble };
    this.projections = new Map(
      projections.map((projection) => [projection.declaration.name, new LiveProjection(parts, projection)]),
    );
    this.readers = new Map(
      reads.map((reads) => [reads.declaration.name, new ForeignReader(context, bus, readModels, reads)]),
    );
    const prefixes = aggregates.map(prefixOf);
    const relaying = relay(definition, { sealedEvents: this.sealed, bus, books, prefixes, trouble });
    this.relay = new OwnedFollower(ownership, relaying);
    this.feed = new ContextEvents({ publishing: definition, aggregates, events: this.events });
  }

  private readonly trouble: Trouble = (follower, failure, attempt) =>
    this.engines.logger.warn('A follower could not go on and tries again', { follower, attempt }, failure);

  async onModuleInit(): Promise<void> {
    const { engines } = this;
    await this.timers?.begin();
    await Promise.all([...this.projections.values()].map((projection) => projection.start()));
    for (const reader of this.readers.values()) await reader.start();
    const own = this.definition.reactions?.(engines, this.provided) ?? [];
    this.reactions = this.timers ? [...own, this.timers.reaction] : own;
    this.reactors = this.reactions.map(
      (reaction) => new OwnedFollower(engines.ownership, reactor(reaction, this.reactorParts(reaction))),
    );
    for (const follower of [this.relay, ...this.reactors]) follower.start();
    this.timers?.start(this.projection(this.timers.projection));
  }

  /** Finishes what is in hand and saves how far everything has come. */
  async onModuleDestroy(): Promise<void> {
    await this.timers?.stop();
    const running = [...this.projections.values(), ...this.readers.values(), this.relay, ...this.reactors];
    await Promise.all(running.map((part) => part.stop()));
  }

  /** Resolves once every read model here knows everything that was written, or published to it, before the call. */
  async caughtUp(): Promise<void> {
    await Promise.all([...this.readers.values()].map((reader) => reader.caughtUp()));
    const end = await this.engines.events.end();
    await Promise.all([...this.projections.values()].map((part) => part.reach(end, CAUGHT_UP_WITHIN_MILLISECONDS)));
  }

  /** Resolves once what was written before the call is in the read models here and published for others. */
  async settled(): Promise<void> {
    const end = await this.engines.events.end();
    await this.relay.progress.reach(end, CAUGHT_UP_WITHIN_MILLISECONDS);
    await this.caughtUp();
  }

  /** What one of the service's projections has built. */
  projection<D extends Document>({ declaration: { name } }: Pick<Projection<D>, 'declaration'>): LiveProjection<D> {
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
    const { parked, trouble } = this;
    return { events: reaction.readable ? this.events : this.sealed, books: this.engines.books, parked, trouble };
  }

  get allProjections(): readonly LiveProjection[] {
    return [...this.projections.values()];
  }

  /** How far everything here has come, as far as this process knows at this moment. */
  status(): readonly FollowerStatus[] {
    const owners = this.engines.ownership.owners();
    const owned = (part: OwnedPart): FollowerStatus => statusOf(part.progress, owners.get(part.lease));
    const parts = [...this.projections.values(), this.relay, ...this.reactors];
    const further = new Map([...owners].filter(([lease]) => !parts.some((part) => part.lease === lease)));
    return [
      ...[...this.projections.values()].map(owned),
      ...[...this.readers.values()].map(({ progress }) => statusOf(progress)),
      ...[this.relay, ...this.reactors].map(owned),
      ...[...further].map(([lease, owner]) => statusOf(idle(lease), owner)),
    ];
  }

  /** The same as seen by all processes together: what is owned elsewhere has caught up when its checkpoint has. */
  async followers(): Promise<readonly FollowerStatus[]> {
    const status = this.status();
    if (this.engines.ownership.glance === undefined) return status;
    const end = await this.engines.events.end();
    return status.map((part) => (part.position >= end ? { ...part, caughtUp: true } : part));
  }
}

interface OwnedPart {
  readonly progress: Progress;
  /** What an owner of it owns. */
  readonly lease: string;
}

/** Of what only one process does without following anything: to run imports. */
const idle = (name: string): Progress => Object.assign(new Progress(name), { caughtUp: true });

const statusOf = (progress: Progress, owned?: Owner): FollowerStatus => {
  const { follower, position, caughtUp, handled } = progress;
  const failure = progress.lastFailure ?? owned?.failure;
  return {
    name: follower,
    position,
    caughtUp,
    handled,
    ...(failure === undefined ? {} : { failure }),
    ...(owned ? { owner: owned.owner, term: owned.term } : {}),
  };
};
