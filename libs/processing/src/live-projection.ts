import { isDeepStrictEqual } from 'node:util';
import type { EventStore } from '@rapport/event-store';
import { type Calendar, DomainError, newId, type Position } from '@rapport/kernel';
import {
  type Collection,
  type CollectionDeclaration,
  declarationDigest,
  type Document,
  type Documents,
  type ReadModelStore,
} from '@rapport/read-models';
import { pause } from './backoff.js';
import type { Cell } from './cells.js';
import { CheckpointWatch } from './checkpoint-watch.js';
import type { Come } from './facts-behind.js';
import type { FollowerNews } from './follower-news.js';
import type { Trouble } from './follower.js';
import { openAsDeclared } from './generation-projector.js';
import { Generations, hasShape, shapeOf, type Generation } from './generations.js';
import { LiveCollection } from './live-collection.js';
import { soleOwnership, type Campaign, type Ownership, type Term } from './ownership.js';
import { Progress } from './progress.js';
import type { Projection } from './projection.js';
import { ProjectionTerm, type Served } from './projection-term.js';
import { Projector } from './projector.js';
import { type Rebuild, ToldWatch } from './told.js';

export interface LiveProjectionParts {
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  readonly readModels: ReadModelStore;
  /** Which process follows; this one alone when left out. */
  readonly ownership?: Ownership;
  readonly trouble?: Trouble;
}

/** A start that does not own the projection waits so long for somebody who does to have something to show. */
const FIRST_LOOK_MILLISECONDS = 2_000;

/** What has not been looked at for so many glances may have been swapped and dropped meanwhile. */
const GLANCES_OF_TRUST = 3;

/**
 * A projection that is kept up to date, by this process or by another that owns it, and can be rebuilt beside itself and
 * swapped while it is read.
 *
 * One that was declared differently at the last start is rebuilt while the old documents go on serving, kept up to date
 * by the new fold. Readers never see an empty or half-built list: without complete documents they are refused with
 * `not-caught-up`.
 */
export class LiveProjection<D extends Document = Document> {
  /** Stays valid over swaps. */
  readonly documents: Documents<D> = new LiveCollection<D>(
    () => this.readable().documents as unknown as Collection<D>,
    () => this.assured(),
  );
  private definition: Projection;
  private shape: string;
  private readonly ownership: Ownership;
  private readonly watch: CheckpointWatch | ToldWatch | undefined;
  private readonly stopping = new AbortController();
  private generations!: Generations;
  private campaign: Campaign | undefined;
  private owned: ProjectionTerm | undefined;
  private served: Served | undefined;
  /** Of whoever waits before anything is served. */
  private readonly unserved: Progress;
  /** When it was last made sure, by this process's clock, that what is served is what should be. */
  private lookedAt = 0;
  private looking: Promise<void> | undefined;
  private goingOver: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: LiveProjectionParts,
    readonly projection: Projection<D>,
  ) {
    this.definition = projection;
    this.shape = shapeOf(this.definition);
    this.ownership = parts.ownership ?? soleOwnership();
    this.unserved = new Progress(this.name);
    const { glance, told } = this.ownership;
    if (told) this.watch = new ToldWatch(told, this.lease, (news) => this.hear(news));
    else if (glance !== undefined) {
      this.watch = new CheckpointWatch(
        glance,
        () => this.progress,
        () => this.look(),
      );
    }
  }

  get name(): string {
    return this.projection.declaration.name;
  }

  /** What it is owned by. */
  get lease(): string {
    return this.name;
  }

  /** The cells of the n-th cell projection; stays valid over swaps. */
  cells(at: number): Documents<Cell> {
    const { declaration } = this.definition.cells![at]!;
    const serving = (): Collection<Cell> => {
      const cells = this.readable().cells.find((collection) => collection.declaration.name === declaration.name);
      if (!cells || !sameDeclaration(cells.declaration, declaration)) throw this.beingBuilt();
      return cells;
    };
    return new LiveCollection(serving, () => this.assured());
  }

  get progress(): Progress {
    return this.served?.progress ?? this.unserved;
  }

  /** False while nothing complete is there for readers. */
  get isReadable(): boolean {
    return this.served?.complete === true;
  }

  get generation(): string {
    if (!this.served) throw this.beingBuilt();
    return this.served.projector.generation;
  }

  /** Resolves once followed, here or elsewhere. What has to be built meanwhile goes on in the background. */
  async start(): Promise<void> {
    this.generations = await Generations.open(this.parts.readModels);
    const begun = Promise.withResolvers<void>();
    this.watch?.start();
    this.compete(begun);
    if (!this.watch) return begun.promise;
    begun.promise.catch(() => undefined);
    await this.firstLook();
  }

  /**
   * Goes over to other streams than those that were declared, or that it followed before. What is shown stays made of the
   * earlier ones until everything has been built from these.
   */
  async follow(prefixes: readonly string[]): Promise<void> {
    if (!isDeepStrictEqual(prefixes, this.definition.prefixes)) await this.redefine({ prefixes });
  }

  /** Goes over to other days, in the same way; a projection that knows no days stays as it is. */
  async reckonBy(calendar: Calendar): Promise<void> {
    const { calendar: before } = this.definition;
    if (before && before.name !== calendar.name) await this.redefine({ calendar });
  }

  private async redefine(change: Partial<Projection>): Promise<void> {
    this.definition = { ...this.definition, ...change };
    this.shape = shapeOf(this.definition, this.projection.prefixes);
    if (!this.campaign || this.stopping.signal.aborted) return;
    await this.campaign.stop();
    const begun = Promise.withResolvers<void>();
    begun.promise.catch(() => undefined);
    this.compete(begun);
  }

  /** Ends after the page in hand, and lets another process go on at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.campaign?.stop();
    this.watch?.stop();
    this.progress.stopped();
  }

  /** Resolves once a write at `position` is visible here. @throws DomainError not-caught-up */
  reach(position: Position, milliseconds: number): Promise<void> {
    return this.progress.reach(position, milliseconds);
  }

  /**
   * Whether every generation that there is has passed a position, in whichever process: the one that is served, and any that
   * was being built. What is begun later reads everything anew.
   */
  async hasPassed(position: Position): Promise<boolean> {
    if (!this.served?.complete || this.progress.position < position || this.owned?.building) return false;
    const entry = await this.generations.entry(this.name);
    return entry?.building === undefined && entry?.next === undefined;
  }

  /** How far it has come by what is stored, whoever built it. */
  async come(): Promise<Come> {
    return (await Generations.open(this.parts.readModels)).furthest(this.name);
  }

  /** Resolves once this process builds no generation any more, however that ended. */
  async settled(): Promise<void> {
    await this.owned?.building?.catch(() => undefined);
  }

  /**
   * Builds everything anew from the first event beside the live generation, swaps when it has caught up, and answers how
   * many events it took. Readers see the old documents until the swap and the new ones after it. It is done by whichever
   * process owns the projection.
   * @throws DomainError rebuild-under-way | not-caught-up when the projection is stopped meanwhile
   */
  rebuild(): Promise<Rebuild> {
    const { glance, told } = this.ownership;
    if (told) return told.rebuild(this.name);
    if (glance !== undefined) return this.askForRebuild(glance);
    return this.owned ? this.owned.rebuild() : Promise.reject(this.beingBuilt());
  }

  private compete(begun: PromiseWithResolvers<void>): void {
    this.campaign = this.ownership.campaign(
      this.name,
      (term) => this.own(term, begun),
      () => this.progress.lastFailure,
    );
  }

  private async own(term: Term, begun: PromiseWithResolvers<void>): Promise<void> {
    const { definition, generations, shape } = this;
    const parts = {
      ...this.parts,
      projection: definition,
      shape,
      generations,
      serve: (served: Served) => this.serve(served),
      served: () => this.served,
      looked: () => void (this.lookedAt = performance.now()),
      goneOver: async () => this.ownership.audience?.goneOver(this.lease),
    };
    const owned = new ProjectionTerm(parts, term, this.ownership.glance);
    this.owned = owned;
    this.watch?.stop();
    try {
      await owned.begin();
      begun.resolve();
      await owned.last();
    } catch (failure) {
      begun.reject(failure);
      throw failure;
    } finally {
      await owned.end();
      this.owned = undefined;
      if (!this.stopping.signal.aborted) this.watch?.start();
    }
  }

  private async firstLook(): Promise<void> {
    const enough = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(FIRST_LOOK_MILLISECONDS)]);
    while (!this.served?.complete && !enough.aborted) await pause(Math.min(20, this.ownership.glance ?? 5), enough);
  }

  /** Resolves once readers are served from what was told of. */
  private hear(news: FollowerNews | undefined): Promise<void> | void {
    const generation = news?.generation;
    const isServed = generation === undefined || generation === this.served?.projector.generation;
    if (isServed) return this.progress.hear(news);
    this.goingOver = this.goingOver
      .catch(() => undefined)
      .then(() => this.goOver(generation))
      .then(() => this.progress.hear(news));
    return this.goingOver;
  }

  private async goOver(generation: string): Promise<void> {
    if (this.served?.projector.generation === generation) return;
    await this.serveFrom((await this.generations.find(this.name, generation)) ?? { generation, declarations: [] });
  }

  /** How far the owner is, by its checkpoint. Now and then, makes sure that the right generation is served. */
  private async look(): Promise<Position | undefined> {
    const { glance = 0 } = this.ownership;
    if (!this.served?.complete || performance.now() >= this.lookedAt + glance / 4) await this.makeSure();
    return this.served && this.parts.readModels.checkpoint(this.served.projector.follower);
  }

  /** Makes sure that what is served is what should be. */
  private makeSure(): Promise<void> {
    return (this.looking ??= this.lookForSwap().finally(() => (this.looking = undefined)));
  }

  private async lookForSwap(): Promise<void> {
    const now = performance.now();
    const entry = await this.generations.entry(this.name);
    const serving = entry?.next ?? entry?.active;
    const isServed = this.served?.complete && this.served.projector.generation === serving?.generation;
    if (serving && !isServed && !this.owned) await this.serveFrom(serving);
    this.lookedAt = now;
  }

  /** What has to be awaited before reading: nothing, unless this process could not look for a while. */
  private assured(): Promise<void> | undefined {
    const { glance } = this.ownership;
    const isSure = glance === undefined || performance.now() < this.lookedAt + glance * GLANCES_OF_TRUST;
    return isSure ? undefined : this.makeSure();
  }

  private async serveFrom(generation: Generation): Promise<void> {
    const { readModels } = this.parts;
    const projector = await (hasShape(generation.generation, this.shape)
      ? Projector.open(readModels, this.definition, generation.generation)
      : openAsDeclared(readModels, this.definition, generation));
    // Meanwhile this process may have become the owner, who decides.
    if (!this.owned) this.serve({ projector, progress: new Progress(projector.follower), complete: true });
  }

  private serve(served: Served): void {
    const before = this.progress;
    this.served = served;
    this.lookedAt = performance.now();
    if (before !== served.progress) served.progress.inherit(before);
    this.letKnow(before, served);
  }

  private letKnow(before: Progress, { progress, projector, complete }: Served): void {
    const { audience } = this.ownership;
    if (!audience) return;
    before.onMoved = undefined;
    progress.onMoved = () => audience.tell(this.lease, progress.news(complete ? projector.generation : undefined));
    progress.onMoved();
  }

  private async askForRebuild(glance: number): Promise<Rebuild> {
    const id = newId();
    await this.generations.want(this.name, id);
    for (;;) {
      await pause(glance / 4, this.stopping.signal);
      if (this.stopping.signal.aborted) throw this.beingBuilt();
      const rebuilt = (await this.generations.entry(this.name))?.rebuilt;
      if (rebuilt?.id !== id) continue;
      if ('failure' in rebuilt) throw new DomainError('unavailable', 'rebuild-failed', rebuilt.failure);
      const { generation, events } = rebuilt;
      return { generation, events };
    }
  }

  private readable(): Projector {
    if (!this.served?.complete) throw this.beingBuilt();
    return this.served.projector;
  }

  private beingBuilt(): DomainError {
    const message = `${this.name} is being built. Try again shortly.`;
    return new DomainError('not-caught-up', 'being-built', message, { retryAfterSeconds: 1 });
  }
}

const sameDeclaration = (one: CollectionDeclaration, other: CollectionDeclaration): boolean =>
  declarationDigest(one) === declarationDigest(other);
