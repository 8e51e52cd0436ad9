import { createHash } from 'node:crypto';
import type { EventStore } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import type { Collection, CollectionDeclaration, Document, ReadModelStore } from '@rapport/read-models';
import type { Cell } from './cells.js';
import { Follower } from './follower.js';
import type { Progress } from './progress.js';
import type { Projection } from './projection.js';
import { Projector } from './projector.js';

export interface LiveProjectionParts {
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  readonly readModels: ReadModelStore;
  readonly trouble?: (follower: string, failure: unknown, attempt: number) => void;
}

/**
 * A projection that is kept up to date, and can be rebuilt beside itself and swapped while it is read. A projection whose
 * declaration has changed since the last start is rebuilt at once.
 */
export class LiveProjection<D extends Document = Document> {
  private projector!: Projector;
  private follower!: Follower;

  constructor(
    private readonly parts: LiveProjectionParts,
    readonly projection: Projection<D>,
  ) {}

  get name(): string {
    return this.projection.declaration.name;
  }

  get documents(): Collection<D> {
    return this.projector.documents as Collection<D>;
  }

  /** The cells of the n-th cell projection. */
  cells(at: number): Collection<Cell> {
    return this.projector.cells[at]!;
  }

  get progress(): Progress {
    return this.follower.progress;
  }

  get generation(): string {
    return this.projector.generation;
  }

  async start(): Promise<void> {
    const { readModels } = this.parts;
    const active = await readModels.activeGeneration(this.name);
    const wanted = shapeOf(this.projection);
    if (active === undefined) await this.activate(wanted);
    this.projector = await this.open(active ?? wanted);
    this.follower = this.followerOf(this.projector);
    this.follower.start();
    if (active !== undefined && !active.startsWith(wanted)) await this.rebuild();
  }

  async stop(): Promise<void> {
    await this.follower.stop();
  }

  /** Resolves once a write at `position` is visible here. */
  reach(position: Position, milliseconds: number): Promise<void> {
    return this.progress.reach(position, milliseconds);
  }

  /**
   * Builds the collection anew from the first event beside the live one, swaps when it has caught up, and answers how many
   * events it took. Readers see the old documents until the swap and the new ones after it.
   */
  async rebuild(): Promise<{ readonly generation: string; readonly events: number }> {
    const generation = `${shapeOf(this.projection)}-${Date.now().toString(36)}`;
    const projector = await this.open(generation);
    const follower = this.followerOf(projector);
    follower.start();
    await follower.progress.reach(this.progress.position, 2 ** 31 - 1);
    await this.follower.stop();
    // The live one has stopped: nothing can pass it any more.
    await follower.progress.reach(this.progress.position, 2 ** 31 - 1);
    await this.activate(generation);
    this.projector = projector;
    this.follower = follower;
    return { generation, events: follower.progress.handled };
  }

  private async activate(generation: string): Promise<void> {
    for (const { declaration } of this.projection.cells ?? []) {
      await this.parts.readModels.collection(declaration, generation);
      await this.parts.readModels.activate(declaration.name, generation);
    }
    await this.parts.readModels.collection(this.projection.declaration, generation);
    await this.parts.readModels.activate(this.name, generation);
  }

  private open(generation: string): Promise<Projector> {
    return Projector.open(this.parts.readModels, this.projection as unknown as Projection, generation);
  }

  private followerOf(projector: Projector): Follower {
    return new Follower(this.parts.events, {
      name: projector.follower,
      prefixes: this.projection.prefixes,
      loadCheckpoint: () => projector.checkpoint(),
      handle: (page) => projector.handle(page),
      trouble: (failure, attempt) => this.parts.trouble?.(projector.follower, failure, attempt),
    });
  }
}

/** Digest of what a projection's documents can be asked; another digest means another generation. */
const shapeOf = (projection: {
  readonly declaration: Declared;
  readonly cells?: readonly { readonly declaration: Declared }[];
}): string => {
  const declarations = [projection.declaration, ...(projection.cells ?? []).map((cell) => cell.declaration)];
  const shape = declarations.map(({ name, fields, indexes }) => ({ name, fields, indexes }));
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 12);
};

type Declared = Pick<CollectionDeclaration, 'name' | 'fields' | 'indexes'>;
