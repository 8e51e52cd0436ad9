import { prefixOf } from '@rapport/event-store';
import { START } from '@rapport/kernel';
import { aborted, soleOwnership, type Campaign, type Ownership, type Term } from '@rapport/processing';
import { importDecider } from '../domain/import.js';
import { ImportJob } from './import-job.js';
import { BEGINNINGS, STOPS, ImportStatuses, nameOf, type ImportStatus } from './import-statuses.js';
import type { ImportKey } from './phase.js';
import type { ImportLog } from './import-log.js';
import type { ImportParts } from './import-parts.js';

/** What only one of a service's processes does at a time, as its lease is called. */
const IMPORTS = 'import-runs';

interface Running {
  readonly stopping: AbortController;
  readonly done: Promise<void>;
  /** Asked for again while it was on: it may have been just about to end. */
  again: boolean;
}

/**
 * The imports at work in this process, while it owns them. Those of one tenant and kind take turns; different ones go on
 * side by side.
 */
export class ImportRunner {
  readonly #running = new Map<string, Running>();
  readonly #turns = new Map<string, Promise<void>>();
  readonly #ownership: Ownership;
  #campaign: Campaign | undefined;
  #closed = false;

  constructor(
    private readonly parts: ImportParts,
    private readonly log: ImportLog,
  ) {
    this.#ownership = parts.ownership ?? soleOwnership();
  }

  /** Goes on with an import in the background, from its last checkpoint; nothing where another process does that. */
  start(key: ImportKey, kind: string): void {
    if (this.#closed || !this.#isOwner) return;
    const name = nameOf(key);
    const known = this.#running.get(name);
    if (known) return void (known.again = true);
    const stopping = new AbortController();
    const turn = `${key.tenant}/${kind}`;
    const before = this.#turns.get(turn) ?? Promise.resolve();
    const done = before
      .then(() => this.#work(key, stopping.signal))
      .finally(() => {
        this.#running.delete(name);
        // Also of one that was stopped: what was begun since is another phase.
        if (running.again) this.start(key, kind);
      });
    const running: Running = { stopping, done, again: false };
    this.#turns.set(turn, done);
    void done.then(() => this.#turns.get(turn) === done && this.#turns.delete(turn));
    this.#running.set(name, running);
  }

  /** Resolves once the work on an import has ended, by itself or because it was stopped. */
  async settled(key: ImportKey): Promise<void> {
    await this.#running.get(nameOf(key))?.done;
  }

  /** Stops after the rows in hand and their checkpoint. */
  async stop(key: ImportKey): Promise<void> {
    const running = this.#running.get(nameOf(key));
    running?.stopping.abort();
    await running?.done;
  }

  /**
   * Goes on with whatever is on, whenever this process is the one to do so. In one that is alone, resolves once that has
   * been started.
   */
  async resume(): Promise<void> {
    const resumed = Promise.withResolvers<void>();
    this.#campaign = this.#ownership.campaign(IMPORTS, (term) => this.#own(term, resumed));
    if (this.#isAlone) return resumed.promise;
    resumed.promise.catch(() => undefined);
  }

  /** Lets another process go on once the rows in hand are done. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#campaign?.stop();
    await this.#stopAll();
  }

  async #own(term: Term, resumed: PromiseWithResolvers<void>): Promise<void> {
    try {
      await this.#follow(term, resumed.resolve);
      await aborted(term.signal);
    } catch (failure) {
      resumed.reject(failure);
      throw failure;
    } finally {
      await this.#stopAll();
    }
  }

  /**
   * Starts what the events say is on. Alone, it has then seen enough; otherwise it does as the events say that other
   * processes wrote, until the term is over. Imports have short streams, so all of them are read; the rows lie elsewhere.
   */
  async #follow(term: Term, resumed: () => void): Promise<void> {
    const known = new ImportStatuses();
    let isResumed = false;
    const leaving = new AbortController();
    const pages = this.parts.events.follow({
      prefixes: [prefixOf(importDecider.aggregate)],
      after: START,
      signal: AbortSignal.any([term.signal, leaving.signal]),
    });
    for await (const { events, caughtUp } of pages) {
      for (const event of events) {
        const status = known.see(event);
        if (isResumed && status) this.#heed(event.type, status);
      }
      if (!caughtUp || isResumed) continue;
      isResumed = true;
      for (const { key, kind } of known.active()) this.start(key, kind);
      resumed();
      if (this.#isAlone) break;
    }
    leaving.abort();
  }

  #heed(type: string, { key, kind, isActive }: ImportStatus): void {
    if (BEGINNINGS.has(type)) this.start(key, kind);
    else if (!isActive && STOPS.has(type)) this.#running.get(nameOf(key))?.stopping.abort();
  }

  get #isAlone(): boolean {
    return this.#ownership.alone;
  }

  get #isOwner(): boolean {
    return this.#isAlone || this.#campaign?.term?.holds === true;
  }

  async #stopAll(): Promise<void> {
    for (const { stopping } of this.#running.values()) stopping.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #work(key: ImportKey, signal: AbortSignal): Promise<void> {
    try {
      await new ImportJob(this.parts, this.log, key).work(signal);
    } catch (error) {
      this.parts.trouble?.(key.id, error);
    }
  }
}
