import { CommandBus } from '@nestjs/cqrs';
import type { EventStore } from '@rapport/event-store';
import type { AnyTimer, Calendar } from '@rapport/kernel';
import type { LiveProjection, Projection, Reaction, Trouble } from '@rapport/processing';
import { Beginnings, dueTimers, type DueTimersDocument, fireParkedTimer, Firing, Timers } from '@rapport/timers';
import { RunCommand } from '../commands/run-command.js';
import type { Engines } from '../engines.js';
import type { Provided } from './service-definition.js';

export interface ServiceTimersParts {
  readonly timers: readonly AnyTimer[];
  readonly engines: Engines;
  readonly calendar: Calendar;
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  readonly provided: Provided;
  readonly trouble: Trouble;
}

/** What a service's records wait for: the rows of due times, and whoever fires them by the service's write path. */
export class ServiceTimers {
  readonly projection: Projection<DueTimersDocument>;
  readonly reaction: Reaction;
  private readonly beginnings = new Beginnings();
  private readonly firing: Firing;
  private running: Timers | undefined;

  constructor(private readonly parts: ServiceTimersParts) {
    const { timers, engines, calendar, events, provided } = parts;
    this.projection = dueTimers(timers, this.beginnings, calendar);
    const run: ConstructorParameters<typeof Firing>[2] = (order) => provided(CommandBus).execute(new RunCommand(order));
    this.firing = new Firing(timers, events, run, engines.clock);
    this.reaction = fireParkedTimer(this.firing);
  }

  /** To be awaited before the rows are built. */
  begin(): Promise<void> {
    const { timers, engines } = this.parts;
    return this.beginnings.load(timers, engines.books, engines.clock);
  }

  start(rows: LiveProjection<DueTimersDocument>): void {
    const { engines, events, trouble } = this.parts;
    const { ownership, clock, ticks } = engines;
    this.running = new Timers({ firing: this.firing, rows, events, ownership, clock, ticks, trouble });
    this.running.start();
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }
}
