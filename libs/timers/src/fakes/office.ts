import { everythingOf } from '@rapport/access';
import { InMemoryBookkeeping, InMemoryEventStore, type EventStore } from '@rapport/event-store';
import type { Clock, RecordedEvent } from '@rapport/kernel';
import { NO_TENANT, soleOwnership } from '@rapport/processing';
import { SimulatedWorld } from '@rapport/processing/simulation';
import { Firing, type RunTimer } from '../firing.js';
import { timerStream, type DueTimer, type TimerEvent } from '../timer-events.js';
import { Timers } from '../timers.js';
import { happen, payment, recordOf, TENANT, type InvoiceEvent } from './invoices.js';
import { Rows } from './rows.js';
import { runOn } from './run-timer.js';

const EPOCH = Date.parse('2026-03-01T00:00:00.000Z');

/** The instant after so many milliseconds of simulated time. */
export const instant = (milliseconds: number): string => new Date(EPOCH + milliseconds).toISOString();

/** One process that fires the timers of invoices, in simulated time. */
export class Office {
  readonly world = new SimulatedWorld();
  readonly clock: Clock = { now: () => new Date(EPOCH + this.world.now + this.ahead) };
  readonly events = new InMemoryEventStore({ now: () => new Date(EPOCH + this.world.now) });
  readonly books = new InMemoryBookkeeping();
  /** How far the clock of the process is ahead. */
  ahead = 0;
  /** What went wrong, as it was told. */
  readonly told: string[] = [];
  rows!: Rows;

  /** Rows are brought up to date ten times a second. */
  async open(): Promise<this> {
    this.rows = await Rows.open(this.events, this.clock, { books: this.books });
    const keepUp = (): void => {
      void this.rows.catchUp();
      this.world.at(this.world.now + 100, keepUp);
    };
    keepUp();
    return this;
  }

  firing(run: RunTimer = runOn(this.events), events: EventStore = this.events): Firing {
    return new Firing([payment], events, run, this.clock);
  }

  /** Begins to fire. */
  start(firing = this.firing()): Timers {
    const { ticks } = this.world.process({ rate: 1, offset: 77, standstills: [], delays: [1] });
    const { rows, events, clock, told } = this;
    const trouble = (_: string, failure: unknown): void => void told.push((failure as Error).message);
    const timers = new Timers({ firing, rows, events, clock, ticks, trouble, ownership: soleOwnership() });
    timers.start();
    return timers;
  }

  happen(invoice: string, event: InvoiceEvent, tenant = TENANT): Promise<void> {
    return happen(this.events, invoice, event, { at: this.clock.now().toISOString(), tenant });
  }

  send(invoice: string, dueIn: number, tenant = TENANT): Promise<void> {
    return this.happen(invoice, { type: 'InvoiceSent', data: { dueAt: instant(dueIn) } }, tenant);
  }

  /** The types of an invoice's events. */
  async history(invoice: string, tenant = TENANT): Promise<readonly string[]> {
    return (await this.read(recordOf(invoice, tenant))).map(({ type }) => type);
  }

  /** How many records still wait for something. */
  left(): Promise<number> {
    return this.rows.documents.count(everythingOf(NO_TENANT));
  }

  /** What became of its timer. */
  async ends(due: DueTimer): Promise<readonly TimerEvent[]> {
    return (await this.read(timerStream(due))).map(({ type, data }) => ({ type, data }) as TimerEvent);
  }

  async read(stream: string): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.events.read(stream)) events.push(event);
    return events;
  }
}
