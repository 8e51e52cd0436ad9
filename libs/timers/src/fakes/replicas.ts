import type { EventStore } from '@rapport/event-store';
import type { Clock, RecordedEvent } from '@rapport/kernel';
import { LeasedOwnership } from '@rapport/processing';
import type { ProcessTraits, Remote } from '@rapport/processing/simulation';
import { Firing } from '../firing.js';
import { Timers } from '../timers.js';
import { payment } from './invoices.js';
import type { Office } from './office.js';
import { runOn } from './run-timer.js';

/** One life of a process that fires timers. It dies where it stands still for ever. */
export interface Life extends ProcessTraits {
  readonly begins: number;
  /** When its clock is wrong, and by how much. */
  readonly jump: { readonly from: number; readonly to: number; readonly by: number };
}

/** A replica, as far from everything as its traits say. */
export const begin = (office: Office, life: Life, owner: string): void => {
  const { world } = office;
  const { ticks, store, remote } = world.process(life);
  const { from, to, by } = life.jump;
  const clock: Clock = {
    now: () => new Date(office.clock.now().getTime() + (world.now >= from && world.now < to ? by : 0)),
  };
  const events = far(office.events, remote);
  const ownership = new LeasedOwnership(store, { owner, ttlMilliseconds: 5_000, ticks });
  const firing = new Firing([payment], events, runOn(events), clock);
  const timers = new Timers({ firing, rows: office.rows, events, ownership, clock, ticks });
  world.at(life.begins, () => timers.start());
};

const far = (store: EventStore, remote: Remote): EventStore => ({
  append: (...given) => remote(() => store.append(...given)),
  read: async function* (...given) {
    yield* await remote(async () => {
      const events: RecordedEvent[] = [];
      for await (const event of store.read(...given)) events.push(event);
      return events;
    });
  },
  follow: (options) => store.follow(options),
  end: () => remote(() => store.end()),
  lacks: (position) => remote(() => store.lacks(position)),
  removeTenant: (...given) => remote(() => store.removeTenant(...given)),
  close: async () => undefined,
});
