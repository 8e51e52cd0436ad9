import { type EventStore, InMemoryBookkeeping } from '@rapport/event-store';
import { type Clock, DomainError, START, type Position } from '@rapport/kernel';
import { Projector } from '@rapport/processing';
import { InMemoryReadModelStore, type Collection } from '@rapport/read-models';
import { Beginnings } from '../beginnings.js';
import { dueTimers, type DueTimersDocument } from '../due-timers.js';
import type { DueRows } from '../timers.js';
import { payment } from './invoices.js';

/** Due times of invoices, brought up to date when a test says so. */
export class Rows implements DueRows {
  #position: Position = START;

  private constructor(
    private readonly events: EventStore,
    private readonly projector: Projector,
  ) {}

  static async open(
    events: EventStore,
    clock: Clock,
    { books = new InMemoryBookkeeping(), store = new InMemoryReadModelStore() } = {},
  ): Promise<Rows> {
    const beginnings = new Beginnings();
    await beginnings.load([payment], books, clock);
    return new Rows(events, await Projector.open(store, dueTimers([payment], beginnings), 'one'));
  }

  get documents(): Collection<DueTimersDocument> {
    return this.projector.documents as unknown as Collection<DueTimersDocument>;
  }

  /** Takes everything in that is there. */
  async catchUp(): Promise<void> {
    const { prefixes } = dueTimers([payment], new Beginnings());
    const enough = new AbortController();
    for await (const page of this.events.follow({ prefixes, after: this.#position, signal: enough.signal })) {
      if (page.events.length > 0) await this.projector.handle(page);
      this.#position = page.position;
      if (page.caughtUp) enough.abort();
    }
  }

  async reach(position: Position): Promise<void> {
    if (position > this.#position) throw new DomainError('not-caught-up', 'not-caught-up', 'The rows are behind.');
  }
}
