import type { EventStore, Page } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import { backoff, pause } from './backoff.js';
import type { Checkpoint } from './checkpoint.js';
import { inPageSpan, reportProgress } from './follower-telemetry.js';
import { Progress } from './progress.js';

/**
 * What became of a page: `saved` – all done and `page.position` stored with it; `nothing` – all done, nothing stored, the
 * follower saves the position when it suits; `unfinished` – broken off because the follower stops, what was done is stored.
 */
export type PageOutcome = 'saved' | 'nothing' | 'unfinished';

/** Told of every failed try, so that somebody can be. */
export type Trouble = (follower: string, failure: unknown, attempt: number) => void;

/** Something that reads the event store in order and never forgets how far it has come. */
export interface FollowerDefinition {
  /** Unique within a service. */
  readonly name: string;
  /** Streams it reads, by prefix; empty for all. */
  readonly prefixes: readonly string[];
  readonly checkpoint: Checkpoint;
  /**
   * Does everything that the page asks for. Called one page at a time, never with an empty one. A throw means "not now":
   * what was not checkpointed is handled again after a pause, for as long as it takes.
   */
  readonly handle: (page: Page, signal: AbortSignal) => Promise<PageOutcome>;
  readonly pageSize?: number;
  readonly trouble?: Trouble | undefined;
}

/** Thrown by a handler that must not be called again before somebody has looked: the follower halts until it is started. */
export class FollowerStopped extends Error {
  override readonly name = 'FollowerStopped';
}

/** The position behind pages that gave nothing to do is saved at most so often, and at the stop. */
const SAVE_EVERY_MILLISECONDS = 1_000;

/** Whoever has caught up lets a few events gather: a page of ten costs hardly more than a page of one. */
const LINGER_MILLISECONDS = 4;

/**
 * Runs one follower until it is stopped. Stopping finishes the page in hand; what was not checkpointed is handled again
 * at the next start, so handlers are idempotent.
 */
export class Follower {
  readonly progress: Progress;
  private stopping = new AbortController();
  private running: Promise<void> | undefined;
  /** Passed, but not in the checkpoint. */
  private unsaved: Position | undefined;
  private savedAt = 0;

  constructor(
    private readonly store: EventStore,
    readonly definition: FollowerDefinition,
  ) {
    this.progress = new Progress(definition.name);
  }

  /** Begins where the checkpoint is; nothing while it runs already. */
  start(): void {
    if (this.running) return;
    this.stopping = new AbortController();
    this.running = this.run(this.stopping.signal).finally(() => (this.running = undefined));
  }

  /** Ends after the page in hand; whoever still waits for this follower is told so. */
  async stop(): Promise<void> {
    await this.halt();
    this.progress.stopped();
  }

  /** Ends after the page in hand; whoever waits goes on waiting, for a next start or for the one that takes over. */
  async halt(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    let furthest = this.progress.position;
    while (!signal.aborted) {
      try {
        await this.follow(signal);
        if (!signal.aborted) throw new Error(`The event store stopped giving events to ${this.definition.name}.`);
      } catch (failure) {
        // Only getting further than ever is a success: what fails may lie behind pages that have nothing for us.
        attempt = this.progress.position > furthest ? 1 : attempt + 1;
        furthest = this.progress.position;
        this.progress.failed(failure);
        reportProgress(this.progress);
        this.definition.trouble?.(this.definition.name, failure, attempt);
        if (failure instanceof FollowerStopped) return;
        await pause(backoff(attempt), signal);
      }
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { name, prefixes, pageSize = 500, handle, checkpoint } = this.definition;
    const after = this.progress.startedAt(await checkpoint.load());
    try {
      for await (const page of this.store.follow({ prefixes, after, signal, pageSize })) {
        const outcome = page.events.length === 0 ? 'nothing' : await inPageSpan(name, page, () => handle(page, signal));
        if (outcome === 'unfinished') return;
        if (outcome === 'saved') this.unsaved = undefined;
        else if (page.position > this.progress.position) await this.saveLater(page.position);
        this.progress.passed(page);
        reportProgress(this.progress);
        if (page.caughtUp) await pause(LINGER_MILLISECONDS, signal);
      }
    } finally {
      await this.save();
    }
  }

  private async saveLater(position: Position): Promise<void> {
    this.unsaved = position;
    if (Date.now() - this.savedAt >= SAVE_EVERY_MILLISECONDS) await this.save();
  }

  private async save(): Promise<void> {
    const position = this.unsaved;
    if (position === undefined) return;
    await this.definition.checkpoint.save(position);
    this.unsaved = undefined;
    this.savedAt = Date.now();
  }
}
