import { partsOf, prefixOf } from '@rapport/event-store';
import { START } from '@rapport/kernel';
import { importDecider } from '../domain/import.js';
import type { ImportEvent } from '../domain/import.events.js';
import { ImportJob } from './import-job.js';
import type { ImportKey } from './phase.js';
import type { ImportLog } from './import-log.js';
import type { ImportParts } from './import-parts.js';

interface Running {
  readonly stopping: AbortController;
  readonly done: Promise<void>;
}

/** The imports at work in this process. Those of one tenant and kind take turns; different ones go on side by side. */
export class ImportRunner {
  readonly #running = new Map<string, Running>();
  readonly #turns = new Map<string, Promise<void>>();
  #closed = false;

  constructor(
    private readonly parts: ImportParts,
    private readonly log: ImportLog,
  ) {}

  /** Goes on with an import in the background, from its last checkpoint. Once it is on, this does nothing. */
  start(key: ImportKey, kind: string): void {
    const name = nameOf(key);
    if (this.#closed || this.#running.has(name)) return;
    const stopping = new AbortController();
    const turn = `${key.tenant}/${kind}`;
    const before = this.#turns.get(turn) ?? Promise.resolve();
    const done = before.then(() => this.#work(key, stopping.signal)).finally(() => this.#running.delete(name));
    this.#turns.set(turn, done);
    void done.then(() => this.#turns.get(turn) === done && this.#turns.delete(turn));
    this.#running.set(name, { stopping, done });
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

  /** Goes on with whatever was on when the process ended. */
  async resume(): Promise<void> {
    for (const [name, { kind, active }] of await this.#statuses()) {
      const [tenant, id] = name.split('/') as [string, string];
      if (active) this.start({ tenant, id }, kind);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
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

  /** Imports have short streams, so all of them are read; the rows lie elsewhere. */
  async #statuses(): Promise<ReadonlyMap<string, { kind: string; active: boolean }>> {
    const found = new Map<string, { kind: string; active: boolean }>();
    const leaving = new AbortController();
    const pages = this.parts.events.follow({
      prefixes: [prefixOf(importDecider.aggregate)],
      after: START,
      signal: leaving.signal,
    });
    for await (const { events, caughtUp } of pages) {
      for (const { stream, type, data } of events) {
        const { tenant, id } = partsOf(stream);
        const name = nameOf({ tenant, id });
        if (type === 'ImportCreated') found.set(name, { kind: (data as { kind: string }).kind, active: false });
        const known = found.get(name);
        if (known && !BESIDES.has(type as ImportEvent['type']))
          known.active = BEGINNINGS.has(type as ImportEvent['type']);
      }
      if (caughtUp) break;
    }
    leaving.abort();
    return found;
  }
}

const BEGINNINGS = new Set<ImportEvent['type']>(['ImportValidationStarted', 'ImportStarted', 'ImportRevertStarted']);

/** Neither begin a phase nor end one. */
const BESIDES = new Set<ImportEvent['type']>(['ImportProgressed', 'ImportFileForgotten']);

const nameOf = ({ tenant, id }: ImportKey): string => `${tenant}/${id}`;
