import type { EventStore } from '@rapport/event-store';
import type { ReadModelStore } from '@rapport/read-models';
import { pause, untilDone } from './backoff.js';
import { Follower, FollowerDisplaced, type Trouble } from './follower.js';
import { openAsDeclared } from './generation-projector.js';
import {
  declarationsOf,
  hasShape,
  newGeneration,
  rebuildUnderWay,
  type Generation,
  type Generations,
} from './generations.js';
import { aborted, type Term } from './ownership.js';
import { Progress } from './progress.js';
import type { Projection } from './projection.js';
import { Projector } from './projector.js';
import type { Rebuild } from './told.js';

/** A generation as readers are served from it. */
export interface Served {
  readonly projector: Projector;
  readonly progress: Progress;
  /** False until everything up to now is in it. */
  readonly complete: boolean;
}

export interface ProjectionTermParts {
  readonly events: EventStore;
  readonly readModels: ReadModelStore;
  readonly trouble?: Trouble;
  readonly projection: Projection;
  readonly shape: string;
  readonly generations: Generations;
  /** Told what readers are to be served from. */
  readonly serve: (served: Served) => void;
  /** What they are served from so far. */
  readonly served: () => Served | undefined;
  /** Told whenever that was made sure to be right. */
  readonly looked: () => void;
  /** Resolves once nobody beside this process reads from anything but what is served. */
  readonly goneOver: () => Promise<void>;
}

/** A start waits so long for documents that were never complete; from then on readers are told to come back. */
const FIRST_BUILD_MILLISECONDS = 2_000;

/** Other processes notice a swap within one glance and read nothing they have not looked at for three. */
const GLANCES_BEFORE_DROP = 5;

/** What the owner of a projection does during its term: follows the live generation, builds others beside it, swaps. */
export class ProjectionTerm {
  /** A generation that is being built, swapped or activated. */
  building: Promise<unknown> | undefined;
  private live!: Owned;
  /** A follower that builds another generation beside the live one. */
  private beside: Follower | undefined;

  constructor(
    private readonly parts: ProjectionTermParts,
    private readonly term: Term,
    private readonly glance: number | undefined,
  ) {}

  /** Resolves once followed. What has to be built meanwhile goes on in the background. */
  async begin(): Promise<void> {
    const { generations, readModels, shape } = this.parts;
    const entry = await generations.entry(this.name);
    const next = entry?.next;
    const active = next?.generation ?? (await readModels.activeGeneration(this.name));
    await this.dropBrokenOff(entry?.building, active);
    if (active === undefined) return this.buildFirst();
    if (hasShape(active, shape)) {
      this.follow(await this.open(active), true);
      // An earlier swap may have been cut off here.
      const activated = this.activate(active);
      this.inBackground(activated);
      return next ? undefined : activated;
    }
    const known = await generations.find(this.name, active);
    if (!known) return this.buildFirst();
    this.follow(this.owned(await openAsDeclared(readModels, this.parts.projection, known)), true);
    const generation = await generations.begun(this.parts.projection, shape);
    this.inBackground(untilDone(() => this.buildBeside(generation), this.term.signal, this.trouble));
  }

  /**
   * What was being built when an earlier term ended, and will not be gone on with, would keep what it holds for ever, whoever
   * was erased since.
   */
  private async dropBrokenOff(building: Generation | undefined, active: string | undefined): Promise<void> {
    const { generations, readModels, shape } = this.parts;
    if (building === undefined || building.generation === active) return;
    const goesOn = hasShape(building.generation, shape) && (active === undefined || !hasShape(active, shape));
    if (goesOn) return;
    await this.drop(building);
    // Where that cannot be done now, the next erasure does it.
    await readModels.purge().catch(() => undefined);
    await generations.brokenOff(this.name, building.generation);
  }

  private async drop({ generation, declarations }: Generation): Promise<void> {
    for (const { name } of declarations) await this.parts.readModels.drop(name, generation);
  }

  /** Resolves once the term is over. In between it looks after what other processes ask for, or have done to it. */
  async last(): Promise<void> {
    const { signal } = this.term;
    if (this.glance === undefined) return aborted(signal);
    for (;;) {
      await pause(this.glance, signal);
      if (signal.aborted || !(await this.isUndisturbed().catch(() => true))) return;
    }
  }

  /** Finishes the page in hand. */
  async end(): Promise<void> {
    await Promise.all([this.live?.follower.halt(), this.beside?.stop()]);
    await this.building?.catch(() => undefined);
  }

  /** @throws DomainError rebuild-under-way | not-caught-up when the term ends meanwhile */
  rebuild(): Promise<Rebuild> {
    if (this.building) return Promise.reject(rebuildUnderWay(this.name));
    const rebuilding = this.buildAnew();
    this.inBackground(rebuilding);
    return rebuilding;
  }

  /** One that fails leaves nothing behind; one that the end of the term broke off is left to the next. */
  private async buildAnew(): Promise<Rebuild> {
    const generation = newGeneration(this.parts.shape);
    try {
      return await this.buildBeside(generation);
    } catch (failure) {
      if (!this.term.signal.aborted && this.live.projector.generation !== generation) {
        await this.dropBrokenOff(this.declared(generation), this.live.projector.generation);
      }
      throw failure;
    }
  }

  /** False when an owner before this one, late, has swapped generations: then the term has to begin anew. */
  private async isUndisturbed(): Promise<boolean> {
    const { generations, looked } = this.parts;
    const entry = await generations.entry(this.name);
    looked();
    if (this.building) return true;
    if ((entry?.next ?? entry?.active)?.generation !== this.live.projector.generation) return false;
    if (entry?.wanted !== undefined) this.inBackground(this.rebuildFor(entry.wanted));
    return true;
  }

  private async rebuildFor(id: string): Promise<void> {
    const { generations } = this.parts;
    const answer = await this.buildAnew().then(
      (rebuilt) => ({ id, ...rebuilt }),
      (failure: unknown) => ({ id, failure: failure instanceof Error ? failure.message : String(failure) }),
    );
    // Left for the next owner.
    if (this.term.signal.aborted) return;
    await untilDone(() => generations.answer(this.name, answer), this.term.signal, this.trouble);
  }

  /** Nothing complete is there: readers wait. */
  private async buildFirst(): Promise<void> {
    const { generations, projection, shape } = this.parts;
    const generation = await generations.begun(projection, shape);
    await generations.building(this.name, this.declared(generation));
    this.follow(await this.open(generation), false);
    const built = this.completed(generation);
    this.inBackground(built);
    const enough = new AbortController();
    await Promise.race([built.catch(() => undefined), pause(FIRST_BUILD_MILLISECONDS, enough.signal)]);
    enough.abort();
  }

  private async completed(generation: string): Promise<void> {
    const { progress } = this.live.follower;
    const over = aborted(this.term.signal).then(() => this.term.signal.throwIfAborted());
    await Promise.race([progress.reachEnd(), over]);
    await this.live.projector.index();
    this.parts.serve({ ...this.live, progress, complete: true });
    await this.activate(generation);
  }

  private async buildBeside(generation: string): Promise<Rebuild> {
    const { generations, serve } = this.parts;
    await generations.building(this.name, this.declared(generation));
    const next = await this.open(generation);
    const { progress } = next.follower;
    this.beside = next.follower;
    try {
      this.term.signal.throwIfAborted();
      next.follower.start(this.term);
      await progress.reachEnd();
      await next.projector.index();
      await this.live.follower.halt();
      // The live one has halted: nothing can pass it any more.
      await progress.reach(this.live.follower.progress.position);
      this.live = next;
      serve({ ...next, progress, complete: true });
    } catch (failure) {
      await next.follower.stop();
      throw failure;
    } finally {
      this.beside = undefined;
    }
    const events = progress.handled;
    if (this.glance !== undefined) await this.announce(generation);
    await this.activate(generation);
    return { generation, events };
  }

  /** Lets other processes go over to a generation. */
  private announce(generation: string): Promise<void> {
    const { generations } = this.parts;
    const declared = this.declared(generation);
    return untilDone(() => generations.next(this.name, declared), this.term.signal, this.trouble);
  }

  /**
   * Documents first: they decide which generation a restart opens, and it opens cells of the same generation, whichever
   * of these steps a crash has left out.
   */
  private activate(generation: string): Promise<void> {
    const { generations, readModels, projection } = this.parts;
    const { signal } = this.term;
    const activateAll = async (): Promise<void> => {
      if (await this.isNext(generation)) await pause(this.glance! * GLANCES_BEFORE_DROP, signal);
      await this.parts.goneOver();
      for (const { name } of declarationsOf(projection)) {
        if (!this.term.holds) throw new FollowerDisplaced(`${this.name} is owned by another process.`);
        if ((await readModels.activeGeneration(name)) !== generation) await readModels.activate(name, generation);
      }
      if (await generations.isActive(this.name, generation)) return;
      await generations.active(this.name, this.declared(generation));
    };
    return untilDone(activateAll, signal, this.trouble);
  }

  private async isNext(generation: string): Promise<boolean> {
    if (this.glance === undefined) return false;
    return (await this.parts.generations.entry(this.name))?.next?.generation === generation;
  }

  private readonly trouble = (failure: unknown, attempt: number): void =>
    this.parts.trouble?.(this.name, failure, attempt);

  private get name(): string {
    return this.parts.projection.declaration.name;
  }

  private declared(generation: string): Generation {
    const { projection } = this.parts;
    return { generation, declarations: declarationsOf(projection), prefixes: projection.prefixes };
  }

  private async open(generation: string): Promise<Owned> {
    return this.owned(await Projector.open(this.parts.readModels, this.parts.projection, generation));
  }

  /** One that is served already keeps its progress, and those who wait for it. */
  private owned(projector: Projector): Owned {
    const { events, served, trouble } = this.parts;
    const { follower: name, checkpoint, prefixes } = projector;
    const before = served();
    const progress = before?.projector.follower === name ? before.progress : new Progress(name);
    const handle: Follower['definition']['handle'] = (page) => projector.handle(page);
    const pageSize = PAGE_SIZE;
    return {
      projector,
      follower: new Follower(events, { name, prefixes, pageSize, checkpoint, handle, trouble }, progress),
    };
  }

  private follow(live: Owned, complete: boolean): void {
    this.live = live;
    this.parts.serve({ ...live, progress: live.follower.progress, complete });
    live.follower.start(this.term);
  }

  private inBackground(work: Promise<unknown>): void {
    this.building = work;
    const over = (): void => (this.building = undefined);
    work.then(over, over);
  }
}

/**
 * A page is one transaction, whose every page of a table or index is written once: far behind, a quarter of the work of
 * pages of 500. It is over soon enough for whoever shares the thread; whoever is not behind has small ones anyway.
 */
const PAGE_SIZE = 2_000;

interface Owned {
  readonly projector: Projector;
  readonly follower: Follower;
}
