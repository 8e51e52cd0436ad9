import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { type EventStore, prefixOf, VersionedEventStore } from '@rapport/event-store';
import { DomainError, type Position } from '@rapport/kernel';
import {
  LiveProjection,
  OwnedFollower,
  ParkedEvents,
  Progress,
  reactor,
  refuseFactsBehind,
  type Come,
  type Owner,
  type Projection,
  type Reaction,
  type ReactorParts,
  type Trouble,
} from '@rapport/processing';
import { SealedEventStore } from '@rapport/privacy';
import type { Document, Documents } from '@rapport/read-models';
import { nested } from '@rapport/custom-fields';
import { AuditChain } from '../audit/audit-chain.js';
import type { FieldBook } from '../custom/field-book.js';
import { customProjections, openFieldBook } from '../custom/open-field-book.js';
import { ContextEvents } from '../feed/context-events.js';
import type { Judged } from '../feed/feed-sight.js';
import { type Engines, calendarOf } from '../engines.js';
import { leadsOfOwn } from '../merges/aliases.js';
import { Erasures, erasuresPartsOf } from '../erasure/erasures.js';
import { type TenantSettings, tenantSettings } from '../tenants/tenant-settings.js';
import { Tenants } from '../tenants/tenants.js';
import { forgettingIn } from '../workspace/deletion/deletion-facts.js';
import { ofThoseThatAre, watchForGone } from '../workspace/deletion/of-those-that-are.js';
import { catalogueOf, Neighbours, sourceOf } from './neighbours.js';
import { commandTimers, ServiceCommands } from './service-commands.js';
import type { Provided, ServiceDefinition } from './service-definition.js';
import { ServiceTimers } from './service-timers.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 60_000;

/** A start waits so long for what tenants have set. */
const FIRST_SETTINGS_MILLISECONDS = 5_000;

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

const judgedOf = ({ records }: ServiceDefinition): ReadonlyMap<string, Judged> =>
  new Map(
    records.map(({ record: { decider, projection, kind, shape } }) => [
      decider.aggregate,
      {
        projection,
        message: (document) => kind.message.fromPartial(nested(document)),
        fields: shape.fields.map(({ name }) => name),
      },
    ]),
  );

/** A running service: its followers and what they have built. Nest starts and stops it. */
export class ServiceRuntime implements OnModuleInit, OnModuleDestroy {
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  /** The same, personal fields as they are on the disk. */
  private readonly sealed: EventStore;
  readonly feed: ContextEvents;
  readonly neighbours: Neighbours;
  readonly parked: ParkedEvents;
  readonly erasures: Erasures;
  readonly commands: ServiceCommands;
  readonly auditChain: AuditChain | undefined;
  readonly tenants: Tenants;
  /** Where tenants may give its records fields. */
  readonly fieldBook: FieldBook | undefined;
  reactions: readonly Reaction[] = [];
  private readonly projections: ReadonlyMap<string, LiveProjection>;
  private reactors: readonly OwnedFollower[] = [];
  private readonly timers: ServiceTimers | undefined;
  private readonly settings: LiveProjection<TenantSettings> | undefined;
  private readonly stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();

  constructor(
    readonly definition: ServiceDefinition,
    readonly engines: Engines,
    readonly provided: Provided,
  ) {
    const { aggregates, personal } = definition;
    const timers = [...(definition.timers ?? []), ...commandTimers(definition)];
    const { books, keys, ownership, readModels } = engines;
    const { trouble } = this;
    this.parked = new ParkedEvents(books);
    const source = sourceOf(definition, engines, trouble);
    this.sealed = source.sealedEvents;
    const opened = new SealedEventStore(engines.events, keys, personal);
    this.events = new VersionedEventStore(opened, catalogueOf(definition));
    this.tenants = new Tenants(calendarOf(engines));
    const { calendar, days } = this.tenants;
    if (timers.length > 0)
      this.timers = new ServiceTimers({ timers, engines, calendar: days, events: this.events, provided, trouble });
    const custom = customProjections(definition);
    const projections = [...definition.projections, ...custom, ...(this.timers ? [this.timers.projection] : [])];
    const parts = { events: this.events, readModels, ownership, trouble };
    this.projections = new Map(
      projections
        .map((projection) => (projection.cells ? { ...projection, calendar: days } : projection))
        .map(forgettingIn(definition))
        .map((projection) => [projection.declaration.name, new LiveProjection(parts, projection)]),
    );
    if (hearsTenants(definition)) this.settings = new LiveProjection(parts, tenantSettings(definition.context));
    this.neighbours = new Neighbours(definition, engines, source);
    this.fieldBook = custom.length > 0 ? openFieldBook(this) : undefined;
    const { events, sealed: sealedEvents } = this;
    const { epoch } = source;
    this.commands = new ServiceCommands({ definition, engines, events, sealedEvents, provided, trouble, epoch });
    this.erasures = new Erasures(erasuresPartsOf(definition, engines, trouble));
    const { audited, context } = definition;
    this.auditChain = audited && new AuditChain({ context, audited, engines, trouble });
    const records = judgedOf(definition);
    const leadsTo = leadsOfOwn(aggregates, this);
    this.feed = new ContextEvents({ publishing: definition, aggregates, events, records, calendar, leadsTo });
  }

  /** The list of a kind of record, by its aggregate. */
  readonly listOf = (aggregate: string): Projection | undefined =>
    this.definition.records.find(({ record }) => record.decider.aggregate === aggregate)?.record.projection;

  /** What is known here of another context's aggregate, by the name that it has here; undefined where nothing is heard of it. */
  readonly heardOf = (aggregate: string): Documents<Document> | undefined => {
    const prefix = prefixOf(aggregate);
    const heard = this.definition.projections.find(({ prefixes }) => prefixes.length === 1 && prefixes[0] === prefix);
    return heard && this.projection(heard).documents;
  };

  private readonly trouble: Trouble = (follower, failure, attempt) =>
    this.engines.logger.warn('A follower could not go on and tries again', { follower, attempt }, failure);

  /** A start that is refused leaves nothing running. */
  async onModuleInit(): Promise<void> {
    try {
      await this.begin();
    } catch (failure) {
      await this.onModuleDestroy();
      throw failure;
    }
  }

  private async begin(): Promise<void> {
    const { auditChain, erasures, neighbours } = this;
    const { inbox } = neighbours;
    await this.engines.keys.destroyedTenants();
    void watchForGone(this.engines.keys, this.stopping.signal);
    await this.refuseFactsBehind(this.allProjections);
    await erasures.applyRest();
    await inbox.epochs.refresh();
    await neighbours.start();
    erasures.follower?.start();
    auditChain?.follower.start();
    this.following = this.follow();
    inbox.epochs.onRaised = () => void (this.following = this.following.then(() => this.followAnew()));
    await this.following;
    await this.commands.start();
  }

  /** Finishes what is in hand and saves how far everything has come. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.timers?.stop();
    await this.commands.stop();
    await this.neighbours.stop();
    await this.following.catch(() => undefined);
    await Promise.all([...this.allProjections, ...this.owned].map((part) => part.stop()));
  }

  /** Resolves once every read model here knows everything that was written here, or let be heard, before the call. */
  async caughtUp(): Promise<void> {
    await this.neighbours.caughtUp();
    const end = await this.engines.events.end();
    await Promise.all(this.allProjections.map((part) => part.reach(end, CAUGHT_UP_WITHIN_MILLISECONDS)));
  }

  /** Resolves once what was written before the call is in the read models here and can be heard by others. */
  async settled(): Promise<void> {
    const end = await this.engines.events.end();
    await this.neighbours.publication.reach(end, CAUGHT_UP_WITHIN_MILLISECONDS);
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

  /** How far a reaction has come, in whichever process it runs. */
  reacted(reaction: string): Progress {
    const found = this.reactors.find(({ lease }) => lease === reaction);
    if (!found) {
      const { context } = this.definition;
      throw new DomainError('internal', 'no-such-reaction', `There is no reaction "${reaction}" in ${context}.`);
    }
    return found.progress;
  }

  /** What a reaction works with, also when a parked event is handled again. */
  reactorParts(reaction: Reaction): ReactorParts {
    const { parked, trouble } = this;
    return { events: reaction.readable ? this.events : this.sealed, books: this.engines.books, parked, trouble };
  }

  get allProjections(): readonly LiveProjection[] {
    return [...this.projections.values(), ...(this.settings ? [this.settings as unknown as LiveProjection] : [])];
  }

  /** How far everything here has come, as far as this process knows at this moment. Whatever is at the `end` has caught up. */
  status(end?: Position): readonly FollowerStatus[] {
    const owners = this.engines.ownership.owners();
    const owned = ({ progress, lease, isReadable = true }: OwnedPart): FollowerStatus => {
      const caughtUp = isReadable && (progress.caughtUp || (end !== undefined && progress.position >= end));
      return { ...statusOf(progress, owners.get(lease ?? '')), caughtUp };
    };
    const { listeners, publication } = this.neighbours;
    const { relay } = publication;
    const parts = [
      ...this.allProjections,
      ...listeners,
      ...(relay ? [relay] : []),
      ...this.commands.followers,
      ...this.owned,
    ];
    const further = new Map([...owners].filter(([lease]) => !parts.some((part) => part.lease === lease)));
    return [...parts.map(owned), ...[...further].map(([lease, owner]) => statusOf(idle(lease), owner))];
  }

  /** The same as seen by all processes together: what is owned elsewhere has caught up when its checkpoint has. */
  async followers(): Promise<readonly FollowerStatus[]> {
    return this.status(this.engines.ownership.glance === undefined ? undefined : await this.engines.events.end());
  }

  /** What follows for this service alone: whoever destroys the keys of erased people, whoever chains its audit trail, and its reactions. */
  private get owned(): readonly OwnedFollower[] {
    const alone = [this.erasures.follower, this.auditChain?.follower];
    return [...alone.filter((follower) => follower !== undefined), ...this.reactors];
  }

  private async follow(): Promise<void> {
    const { timers } = this;
    await timers?.begin();
    await this.goOver();
    await this.beginTenants();
    const others = this.allProjections.filter((projection) => projection !== this.settings);
    await Promise.all(others.map((projection) => projection.start()));
    const own = this.definition.reactions?.(this.engines, this.provided) ?? [];
    this.reactions = [...own, ...this.commands.reactions, ...(timers ? [timers.reaction] : [])];
    const reactors = this.reactorsNow();
    await this.refuseFactsBehind(reactors);
    this.react(reactors);
    timers?.start(this.projection(timers.projection));
  }

  /** Whose days they are is known, if it can be, before anything is counted by days. */
  private async beginTenants(): Promise<void> {
    const { settings, stopping, tenants } = this;
    if (!settings) return;
    await settings.start();
    const end = await this.engines.events.end();
    await settings.reach(end, FIRST_SETTINGS_MILLISECONDS).catch(() => undefined);
    await tenants.look(settings.documents).catch(() => undefined);
    await this.reckon();
    const changed = (): void => void (this.following = this.following.then(() => this.reckon()));
    void tenants.watch(settings.documents, changed, stopping.signal);
  }

  /** What is counted by days goes over to the days of now. */
  private async reckon(): Promise<void> {
    for (const live of this.allProjections) await live.reckonBy(this.tenants.days);
  }

  /** Another context was set back to an earlier state, and is heard anew: everything goes over to what it says now. */
  private async followAnew(): Promise<void> {
    await this.goOver();
    await Promise.all(this.reactors.map((follower) => follower.stop()));
    this.react();
  }

  /** Projections follow streams of other contexts by the names that those have now. */
  private async goOver(): Promise<void> {
    const { epochs } = this.neighbours.inbox;
    for (const live of this.allProjections) await live.follow(epochs.prefixes(live.projection.prefixes));
  }

  /** And so do reactions. */
  private react(reactors = this.reactorsNow()): void {
    this.reactors = reactors;
    for (const follower of this.reactors) follower.start();
  }

  private reactorsNow(): readonly OwnedFollower[] {
    const { engines, neighbours } = this;
    return this.reactions.map((reaction) => {
      const prefixes = neighbours.inbox.epochs.prefixes(reaction.prefixes);
      const living = ofThoseThatAre({ ...reaction, prefixes }, engines.keys);
      return new OwnedFollower(engines.ownership, reactor(living, this.reactorParts(reaction)));
    });
  }

  /** Before anything of it begins. @throws DomainError `facts-behind` */
  private async refuseFactsBehind(followers: readonly { come(): Promise<Come> }[]): Promise<void> {
    const come = await Promise.all(followers.map((follower) => follower.come()));
    await refuseFactsBehind(this.definition.context, this.engines.events, come);
  }
}

const hearsTenants = ({ context, listens }: ServiceDefinition): boolean =>
  context === 'identity' || listens?.['identity']?.includes('tenant') === true;

interface OwnedPart {
  readonly progress: Progress;
  /** What an owner of it owns, where there is one owner. */
  readonly lease: string | undefined;
  readonly isReadable?: boolean;
}

/** Of what only one process does without following anything: to run imports. */
const idle = (name: string): Progress => Object.assign(new Progress(name), { caughtUp: true });

const statusOf = (progress: Progress, owned: Owner | undefined): FollowerStatus => {
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
