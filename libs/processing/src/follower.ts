import type { EventStore, Page } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import { backoff, pause } from './backoff.js';
import type { Checkpoint } from './checkpoint.js';
import { inPageSpan, reportProgress } from './follower-telemetry.js';
import { aborted, ownTerm, partOf, type Term } from './ownership.js';
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
  /** Called before every time that it begins to follow, also after a failure. */
  readonly begin?: () => Promise<void>;
  /** Called once it has stopped following for good. */
  readonly end?: () => Promise<void>;
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

/** Thrown by a handler that found another owner at work: this follower's term is over. */
export class FollowerDisplaced extends Error {
  override readonly name = 'FollowerDisplaced';
}

/** The position behind pages that gave nothing to do is saved at most so often, and at the stop. */
const SAVE_EVERY_MILLISECONDS = 1_000;

/** … and so soon where other processes wait for it. */
const SAVE_SOON_MILLISECONDS = 200;

/**
 * Whoever has caught up lets a few events gather: a page of ten costs hardly more than a page of one. Longer where a page
 * is written to a server, which costs every process that takes part.
 */
const LINGER_MILLISECONDS = { alone: 4, watched: 40 };

/**
 * Runs one follower until it is stopped. Stopping finishes the page in hand; what was not checkpointed is handled again
 * at the next start, so handlers are idempotent.
 */
export class Follower {
  private stopping = new AbortController();
  private running: Promise<unknown> | undefined;
  /** Passed, but not in the checkpoint. */
  private unsaved: Position | undefined;
  private savedAt = 0;
  private saving: Promise<void> | undefined;
  private saveTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: EventStore,
    readonly definition: FollowerDefinition,
    readonly progress = new Progress(definition.name),
  ) {}

  /** Begins where the checkpoint is, for no longer than the term lasts; nothing while it runs already. */
  start(within?: Term): void {
    if (this.running) return;
    this.stopping = new AbortController();
    const term = within ? partOf(within, this.stopping.signal) : ownTerm(this.stopping.signal);
    this.running = this.run(term).finally(() => (this.running = undefined));
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

  /**
   * Follows, from the checkpoint, for as long as the term lasts, and ends after the page in hand. Ends earlier when it
   * finds that somebody else is the owner. One that had to stop itself keeps the term, so that nobody stumbles after it.
   */
  async during(term: Term): Promise<void> {
    if ((await this.run(term)) === 'stopped itself') await aborted(term.signal);
  }

  private async run(term: Term): Promise<'over' | 'stopped itself'> {
    const outcome = await this.runOn(term);
    await this.definition.end?.();
    return outcome;
  }

  private async runOn(term: Term): Promise<'over' | 'stopped itself'> {
    const { signal } = term;
    let attempt = 0;
    let furthest = this.progress.position;
    while (!signal.aborted) {
      try {
        await this.follow(term, attempt === 0);
        if (!term.holds) return 'over';
        throw new Error(`The event store stopped giving events to ${this.definition.name}.`);
      } catch (failure) {
        // Only getting further than ever is a success: what fails may lie behind pages that have nothing for us.
        attempt = this.progress.position > furthest ? 1 : attempt + 1;
        furthest = this.progress.position;
        this.progress.failed(failure);
        reportProgress(this.progress);
        this.definition.trouble?.(this.definition.name, failure, attempt);
        if (failure instanceof FollowerStopped) return 'stopped itself';
        if (failure instanceof FollowerDisplaced) return 'over';
        await pause(backoff(attempt), signal);
      }
    }
    return 'over';
  }

  private async follow(term: Term, anew: boolean): Promise<void> {
    const { name, prefixes, pageSize = 500, handle, checkpoint, begin } = this.definition;
    const { signal } = term;
    await begin?.();
    const stored = await checkpoint.load();
    const furthest = this.progress.startedAt(stored);
    const after = anew ? stored : furthest;
    try {
      for await (const page of this.store.follow({ prefixes, after, signal, pageSize })) {
        if (!term.holds) return;
        if (this.saving) await this.saving;
        const outcome = page.events.length === 0 ? 'nothing' : await inPageSpan(name, page, () => handle(page, signal));
        if (outcome === 'unfinished') return;
        if (outcome === 'saved') this.unsaved = undefined;
        else if (page.position > this.progress.position) await this.saveLater(page.position, term);
        this.progress.passed(page);
        reportProgress(this.progress);
        if (page.caughtUp) await pause(LINGER_MILLISECONDS[term.watched ? 'watched' : 'alone'], signal);
      }
    } finally {
      clearTimeout(this.saveTimer);
      await this.saving;
      await this.save();
    }
  }

  private async saveLater(position: Position, { watched }: Term): Promise<void> {
    this.unsaved = position;
    const wait = this.savedAt + (watched ? SAVE_SOON_MILLISECONDS : SAVE_EVERY_MILLISECONDS) - Date.now();
    if (wait <= 0) return this.save();
    if (!watched) return;
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => {
      // What fails now is saved with the next page, or at the end.
      this.saving = this.save()
        .catch(() => undefined)
        .finally(() => (this.saving = undefined));
    }, wait);
  }

  private async save(): Promise<void> {
    const position = this.unsaved;
    if (position === undefined) return;
    await this.definition.checkpoint.save(position);
    this.unsaved = undefined;
    this.savedAt = Date.now();
  }
}
