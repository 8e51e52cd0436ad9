import type { EventStore, Page } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import { backoff, pause } from './backoff.js';
import { Progress } from './progress.js';

/** Something that reads the event store in order and never forgets how far it has come. */
export interface FollowerDefinition {
  /** Names the checkpoint; unique within a service. */
  readonly name: string;
  /** Streams it reads, by prefix; empty for all. */
  readonly prefixes: readonly string[];
  readonly loadCheckpoint: () => Promise<Position>;
  /**
   * Does everything that the page asks for and stores `page.position` with it. Called one page at a time. A throw means
   * "not now": the page is handled again after a pause, for as long as it takes.
   */
  readonly handle: (page: Page, signal: AbortSignal) => Promise<void>;
  readonly pageSize?: number;
  /** Told of every failed try, so that somebody can be. */
  readonly trouble?: (failure: unknown, attempt: number) => void;
}

/**
 * Runs one follower until it is stopped. Stopping finishes the page in hand; what was not checkpointed is handled again
 * at the next start, so handlers are idempotent.
 */
export class Follower {
  readonly progress: Progress;
  private readonly stopping = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    readonly definition: FollowerDefinition,
  ) {
    this.progress = new Progress(definition.name);
  }

  start(): void {
    this.done = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async run(): Promise<void> {
    for (let attempt = 1; !this.stopping.signal.aborted; attempt += 1) {
      try {
        await this.follow(() => (attempt = 0));
      } catch (failure) {
        this.progress.failed(failure);
        this.definition.trouble?.(failure, attempt);
        await pause(backoff(attempt), this.stopping.signal);
      }
    }
  }

  private async follow(succeeded: () => void): Promise<void> {
    const { signal } = this.stopping;
    const { prefixes, pageSize = 500, handle, loadCheckpoint } = this.definition;
    const after = await loadCheckpoint();
    this.progress.startedAt(after);
    for await (const page of this.store.follow({ prefixes, after, signal, pageSize })) {
      if (page.events.length > 0) await handle(page, signal);
      this.progress.passed(page);
      succeeded();
    }
  }
}
