import { externalAggregate, type Bookkeeping, type Entry } from '@rapport/event-store';

interface EpochEntry extends Entry {
  readonly epoch: number;
}

/** It belongs to no tenant. */
const TENANT = '_';

/**
 * A context that was set back to an earlier state (from a backup) writes other events in places that others have copied
 * already. It says so by a higher epoch, under which everything is heard anew.
 */
export const raisedEpoch = async (books: Bookkeeping, context: string, wanted: number): Promise<number> => {
  let epoch = wanted;
  await books.change<EpochEntry>('own-epoch', { tenant: TENANT, id: context }, (present) => {
    epoch = Math.max(wanted, present?.epoch ?? 0);
    return epoch === (present?.epoch ?? 0) ? present : { tenant: TENANT, id: context, epoch };
  });
  return epoch;
};

/** The consumer group of a context under its own epoch: another one whenever that was raised, which begins with the oldest message. */
export const groupUnder = (group: string, epoch: number): string => (epoch > 0 ? `${group}@${epoch}` : group);

/** The highest epoch that was heard of each context. */
export class HeardEpochs {
  /** Told whenever one was raised. */
  onRaised: () => void = () => undefined;
  private known: ReadonlyMap<string, number> = new Map();

  constructor(private readonly books: Bookkeeping) {}

  /** 0 until something else was heard. */
  of(context: string): number {
    return this.known.get(context) ?? 0;
  }

  /** Learns what other processes have heard. */
  async refresh(): Promise<void> {
    const entries = await this.books.entries<EpochEntry>('heard-epochs', TENANT);
    const known = new Map(entries.map(({ id, epoch }) => [id, epoch]));
    const isRaised = [...known].some(([context, epoch]) => epoch > this.of(context));
    this.known = known;
    if (isRaised) this.onRaised();
  }

  /** False for an epoch that is over. */
  async hear(context: string, epoch: number): Promise<boolean> {
    if (epoch === this.of(context)) return true;
    if (epoch > this.of(context)) {
      await this.books.change<EpochEntry>('heard-epochs', { tenant: TENANT, id: context }, (present) =>
        (present?.epoch ?? 0) >= epoch ? present : { tenant: TENANT, id: context, epoch },
      );
      await this.refresh();
    }
    return epoch >= this.of(context);
  }

  /** Prefixes of streams as they are declared, by the names that they have under the epochs of now. */
  prefixes(declared: readonly string[]): readonly string[] {
    return declared.map((prefix) => {
      const [, context, aggregate, rest] = EXTERNAL.exec(prefix) ?? [];
      if (context === undefined || aggregate === undefined) return prefix;
      return `${externalAggregate(context, aggregate, this.of(context))}-${rest}`;
    });
  }
}

const EXTERNAL = /^([a-z][a-z0-9]*)\.([a-zA-Z]+)-(.*)$/;
