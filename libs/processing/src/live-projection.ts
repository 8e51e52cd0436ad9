import type { EventStore } from '@rapport/event-store';
import { DomainError, type Position } from '@rapport/kernel';
import type { Collection, CollectionDeclaration, Document, ReadModelStore } from '@rapport/read-models';
import { pause, untilDone } from './backoff.js';
import type { Cell } from './cells.js';
import { Follower, type Trouble } from './follower.js';
import { declarationsOf, Generations, hasShape, newGeneration, shapeOf } from './generations.js';
import { LiveCollection } from './live-collection.js';
import type { Progress } from './progress.js';
import type { Projection } from './projection.js';
import { Projector } from './projector.js';

export interface LiveProjectionParts {
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  readonly readModels: ReadModelStore;
  readonly trouble?: Trouble;
}

/** A start waits so long for documents that were never complete; from then on readers are told to come back. */
const FIRST_BUILD_MILLISECONDS = 2_000;

/**
 * A projection that is kept up to date, and can be rebuilt beside itself and swapped while it is read.
 *
 * One that was declared differently at the last start is rebuilt while the old documents go on serving, kept up to date
 * by the new fold. Readers never see an empty or half-built list: without complete documents they are refused with
 * `not-caught-up`.
 */
export class LiveProjection<D extends Document = Document> {
  /** Stays valid over swaps. */
  readonly documents: Collection<D> = new LiveCollection<D>(
    () => this.readable().documents as unknown as Collection<D>,
  );
  private readonly definition: Projection;
  private readonly shape: string;
  private readonly stopping = new AbortController();
  private generations!: Generations;
  private live!: Running;
  /** A follower that builds another generation beside the live one. */
  private beside: Follower | undefined;
  private building: Promise<unknown> | undefined;

  constructor(
    private readonly parts: LiveProjectionParts,
    readonly projection: Projection<D>,
  ) {
    this.definition = projection;
    this.shape = shapeOf(this.definition);
  }

  get name(): string {
    return this.projection.declaration.name;
  }

  /** The cells of the n-th cell projection; stays valid over swaps. */
  cells(at: number): Collection<Cell> {
    return new LiveCollection(() => {
      const { declaration } = this.definition.cells![at]!;
      const cells = this.readable().cells.find((collection) => collection.declaration.name === declaration.name);
      if (!cells || !sameDeclaration(cells.declaration, declaration)) throw this.beingBuilt();
      return cells;
    });
  }

  get progress(): Progress {
    return this.live.follower.progress;
  }

  get generation(): string {
    return this.live.projector.generation;
  }

  /** Resolves once followed. What has to be built meanwhile goes on in the background. */
  async start(): Promise<void> {
    const { readModels } = this.parts;
    this.generations = await Generations.open(readModels);
    const active = await readModels.activeGeneration(this.name);
    if (active === undefined) return this.buildFirst();
    if (hasShape(active, this.shape)) {
      this.live = { ...(await this.open(active)), complete: true };
      this.live.follower.start();
      // An earlier swap may have been cut off here.
      return this.activate(active);
    }
    const old = await this.openOld(active);
    if (!old) return this.buildFirst();
    this.live = { ...old, complete: true };
    old.follower.start();
    const generation = await this.generations.begun(this.definition, this.shape);
    this.inBackground(untilDone(() => this.buildBeside(generation), this.stopping.signal, this.trouble));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.live?.follower.stop(), this.beside?.stop()]);
    await this.building?.catch(() => undefined);
  }

  /** Resolves once a write at `position` is visible here. @throws DomainError not-caught-up */
  reach(position: Position, milliseconds: number): Promise<void> {
    return this.progress.reach(position, milliseconds);
  }

  /** Resolves once no generation is being built any more, however that ended. */
  async settled(): Promise<void> {
    await this.building?.catch(() => undefined);
  }

  /**
   * Builds everything anew from the first event beside the live generation, swaps when it has caught up, and answers how
   * many events it took. Readers see the old documents until the swap and the new ones after it.
   * @throws DomainError rebuild-under-way | not-caught-up when the projection is stopped meanwhile
   */
  rebuild(): Promise<{ readonly generation: string; readonly events: number }> {
    if (this.building) {
      const message = `${this.name} is being rebuilt already. Wait until that is done.`;
      return Promise.reject(new DomainError('conflict', 'rebuild-under-way', message));
    }
    const rebuilding = this.buildBeside(newGeneration(this.shape));
    this.inBackground(rebuilding);
    return rebuilding;
  }

  /** Nothing complete is there: readers wait. */
  private async buildFirst(): Promise<void> {
    const generation = await this.generations.begun(this.definition, this.shape);
    await this.generations.building(this.definition, generation);
    this.live = { ...(await this.open(generation)), complete: false };
    this.live.follower.start();
    const built = this.live.follower.progress.reachEnd().then(() => this.complete());
    this.inBackground(built);
    const enough = new AbortController();
    await Promise.race([built.catch(() => undefined), pause(FIRST_BUILD_MILLISECONDS, enough.signal)]);
    enough.abort();
  }

  private async complete(): Promise<void> {
    this.live = { ...this.live, complete: true };
    await this.activate(this.generation);
  }

  private async buildBeside(generation: string): Promise<{ readonly generation: string; readonly events: number }> {
    await this.generations.building(this.definition, generation);
    const next = await this.open(generation);
    const { progress } = next.follower;
    this.beside = next.follower;
    try {
      this.stopping.signal.throwIfAborted();
      next.follower.start();
      await progress.reachEnd();
      await this.live.follower.halt();
      // The live one has halted: nothing can pass it any more.
      await progress.reach(this.progress.position);
      const before = this.progress;
      this.live = { ...next, complete: true };
      progress.inherit(before);
    } finally {
      this.beside = undefined;
    }
    await this.activate(generation);
    return { generation, events: progress.handled };
  }

  /**
   * Documents first: they decide which generation a restart opens, and it opens cells of the same generation, whichever
   * of these steps a crash has left out.
   */
  private activate(generation: string): Promise<void> {
    const names = declarationsOf(this.definition).map(({ name }) => name);
    const activateAll = async (): Promise<void> => {
      for (const name of names) {
        const { readModels } = this.parts;
        if ((await readModels.activeGeneration(name)) !== generation) await readModels.activate(name, generation);
      }
      if (await this.generations.isActive(this.name, generation)) return;
      await this.generations.active(this.definition, generation);
    };
    return untilDone(activateAll, this.stopping.signal, this.trouble);
  }

  private readonly trouble = (failure: unknown, attempt: number): void =>
    this.parts.trouble?.(this.name, failure, attempt);

  private async openOld(generation: string): Promise<Opened | undefined> {
    const known = await this.generations.find(this.name, generation);
    const [documents, ...cells] = known?.declarations ?? [];
    if (!documents) return undefined;
    const { cells: present = [] } = this.definition;
    const kept = present.flatMap((cell) => {
      const declaration = cells.find(({ name }) => name === cell.declaration.name);
      return declaration ? [{ ...cell, declaration: declaration as CollectionDeclaration<Cell> }] : [];
    });
    return this.open(generation, { ...this.definition, declaration: documents, cells: kept });
  }

  private async open(generation: string, projection: Projection = this.definition): Promise<Opened> {
    const projector = await Projector.open(this.parts.readModels, projection, generation);
    const follower = new Follower(this.parts.events, {
      name: projector.follower,
      prefixes: projection.prefixes,
      checkpoint: projector.checkpoint,
      handle: (page) => projector.handle(page),
      trouble: this.parts.trouble,
    });
    return { projector, follower };
  }

  private inBackground(work: Promise<unknown>): void {
    this.building = work;
    const over = (): void => (this.building = undefined);
    work.then(over, over);
  }

  private readable(): Projector {
    if (!this.live?.complete) throw this.beingBuilt();
    return this.live.projector;
  }

  private beingBuilt(): DomainError {
    const message = `${this.name} is being built. Try again shortly.`;
    return new DomainError('not-caught-up', 'being-built', message, { retryAfterSeconds: 1 });
  }
}

interface Opened {
  readonly projector: Projector;
  readonly follower: Follower;
}

interface Running extends Opened {
  /** False until everything up to now is in it. */
  readonly complete: boolean;
}

const sameDeclaration = (one: CollectionDeclaration, other: CollectionDeclaration): boolean =>
  JSON.stringify([one.fields, one.indexes]) === JSON.stringify([other.fields, other.indexes]);
