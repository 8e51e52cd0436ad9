import { InMemoryReadModelStore, type Collection, type Document, type ReadModelStore } from '@rapport/read-models';
import type { Ticks } from '../ticks.js';

/** From when to when a process stands still, as under SIGSTOP; its clock goes on meanwhile. */
export interface Standstill {
  readonly from: number;
  readonly to: number;
}

export interface SimulatedProcess {
  readonly ticks: Ticks;
  readonly store: ReadModelStore;
  /** An operation on something else that is as far away as the store. */
  readonly remote: Remote;
}

export interface ProcessTraits {
  /** How fast its clock goes, and what it shows at the beginning. */
  readonly rate: number;
  readonly offset: number;
  readonly standstills: readonly Standstill[];
  /** Milliseconds that each next message to the store, or answer of it, takes; over and over. Infinity loses it. */
  readonly delays: readonly number[];
}

/** An operation whose answer was lost fails after so long. */
const TIMEOUT = 2_000;

/** Processes around one store, in simulated time. Everything that happens, happens in {@link run}. */
export class SimulatedWorld {
  now = 0;
  readonly shared = new InMemoryReadModelStore();
  private readonly due: { readonly at: number; readonly happen: () => void }[] = [];

  process({ rate, offset, standstills, delays }: ProcessTraits): SimulatedProcess {
    let sent = 0;
    const delay = (): number => delays[sent++ % delays.length] ?? 1;
    /** It takes note of nothing while it stands still. */
    const noticedAt = (at: number): number =>
      standstills.reduce((time, { from, to }) => (time >= from && time < to ? to : time), at);
    const at = (time: number, happen: () => void): void => this.at(noticedAt(time), happen);
    const ticks: Ticks = {
      now: () => offset + rate * this.now,
      pause: (milliseconds, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          at(this.now + milliseconds / rate, resolve);
          signal.addEventListener('abort', () => resolve());
        }),
    };
    const remote = <T>(operation: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const [there, back] = [delay(), delay()];
        at(this.now + TIMEOUT, () => reject(new Error('timed out')));
        if (there === Infinity) return;
        this.at(this.now + there, () => {
          void operation().then((answer) => back < Infinity && at(this.now + back, () => resolve(answer)), reject);
        });
      });
    return { ticks, store: remoteStore(this.shared, remote), remote };
  }

  at(time: number, happen: () => void): void {
    if (time < Infinity) this.due.push({ at: time, happen });
  }

  /** Lets everything happen up to a time; `look` is called after each happening. */
  async run(until: number, look: () => void = () => undefined): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      look();
      const next = this.due.reduce((first, entry, index) => (entry.at < this.due[first]!.at ? index : first), 0);
      if (this.due.length === 0 || this.due[next]!.at > until) break;
      const [{ at, happen }] = this.due.splice(next, 1) as [(typeof this.due)[number]];
      this.now = Math.max(this.now, at);
      happen();
    }
    this.now = until;
  }
}

export type Remote = <T>(operation: () => Promise<T>) => Promise<T>;

const remoteStore = (shared: ReadModelStore, remote: Remote): ReadModelStore => {
  const own = new Map<Collection<Document>, Collection<Document>>();
  return Object.assign(Object.create(shared) as ReadModelStore, {
    collection: async (...given: Parameters<ReadModelStore['collection']>) => {
      const collection = await shared.collection(...given);
      const far = Object.create(collection) as Collection<Document>;
      far.load = (keys) => remote(() => collection.load(keys));
      own.set(far, collection);
      return far;
    },
    write: (batch: Parameters<ReadModelStore['write']>[0]) =>
      remote(() =>
        shared.write({
          ...batch,
          writes: batch.writes.map((write) => ({ ...write, collection: own.get(write.collection)! })),
        }),
      ),
  });
};
