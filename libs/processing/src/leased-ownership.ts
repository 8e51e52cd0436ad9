import { newId, type Position } from '@rapport/kernel';
import { keyOf, type Collection, type DocumentWrite, type ReadModelStore } from '@rapport/read-models';
import { Candidacy, type LeaseWrite } from './candidacy.js';
import type { Trouble } from './follower.js';
import { LEASE_TENANT, leases, leaseTimes, type Lease, type LeaseTimes } from './lease.js';
import type { Campaign, Owner, Ownership, Term } from './ownership.js';
import { monotonic, type Ticks } from './ticks.js';

export interface LeaseOptions {
  /** The name of this process, for people: of its host or container. */
  readonly owner: string;
  /** How long after its last sign of life an owner is replaced. Default 5000. */
  readonly ttlMilliseconds?: number;
  readonly trouble?: Trouble;
  /** Default: the monotonic clock of this process. */
  readonly ticks?: Ticks;
}

/** Of failures in a row, one in so many is told. */
const TROUBLE_EVERY = 25;

/**
 * Ownership among processes that share a read-model store, by leases in it. A document only gives way to a newer
 * position, so writing version n+1 and looking who is there tells who has won.
 *
 * No clock is compared with another's: a contender takes over a lease whose version it has seen unchanged for the time to
 * live; an owner that could not renew for two thirds of that, counted from the beginning of its last write that went
 * through, regards itself as owner no more. What it does in spite of that must change nothing.
 */
export class LeasedOwnership implements Ownership {
  readonly glance: number;
  readonly alone = false;
  private readonly times: LeaseTimes;
  private readonly ticks: Ticks;
  private readonly session = newId();
  private readonly candidacies = new Map<string, Candidacy>();
  private collection: Collection<Lease> | undefined;
  private running: Promise<void> | undefined;
  private waking = new AbortController();
  private failures = 0;

  constructor(
    private readonly store: ReadModelStore,
    private readonly options: LeaseOptions,
  ) {
    this.times = leaseTimes(options.ttlMilliseconds ?? 5_000);
    this.ticks = options.ticks ?? monotonic;
    this.glance = this.times.rest;
  }

  campaign(
    name: string,
    work: (term: Term) => Promise<void>,
    failure: () => string | undefined = () => undefined,
  ): Campaign {
    if (this.candidacies.has(name)) throw new Error(`There is a campaign for ${name} in this process already.`);
    const { session, times, ticks } = this;
    const trouble = (of: string, cause: unknown): void => this.options.trouble?.(of, cause, 1);
    const wake = (): void => this.waking.abort();
    const parts = { owner: this.options.owner, session, times, ticks, trouble, wake };
    const candidacy = new Candidacy(name, parts, work, failure);
    this.candidacies.set(name, candidacy);
    this.running ??= this.run();
    wake();
    return {
      get term() {
        return candidacy.term;
      },
      stop: () => this.stop(candidacy),
    };
  }

  owners(): ReadonlyMap<string, Owner> {
    const owners = new Map<string, Owner>();
    for (const { name, owner } of this.candidacies.values()) if (owner) owners.set(name, owner);
    return owners;
  }

  async close(): Promise<void> {
    await Promise.all([...this.candidacies.values()].map((candidacy) => this.stop(candidacy)));
    await this.running;
  }

  private async stop(candidacy: Candidacy): Promise<void> {
    await candidacy.stop();
    this.remove(candidacy);
    this.waking.abort();
  }

  private async run(): Promise<void> {
    while (this.candidacies.size > 0) {
      this.waking = new AbortController();
      let wait = this.times.poll;
      try {
        await this.beat();
        this.failures = 0;
        wait = this.untilNext();
      } catch (failure) {
        if (this.failures % TROUBLE_EVERY === 0) this.options.trouble?.('leases', failure, this.failures + 1);
        this.failures += 1;
      }
      if (this.candidacies.size > 0) await this.ticks.pause(wait, this.waking.signal);
    }
    this.running = undefined;
  }

  /** Looks, writes what is due – of several leases that are to be had, one – and looks what has gone through. */
  private async beat(): Promise<void> {
    const candidacies = [...this.candidacies.values()];
    await this.look(candidacies);
    const writes: LeaseWrite[] = [];
    const writing: Candidacy[] = [];
    const claim = this.nextClaim();
    for (const candidacy of candidacies) {
      const mayClaim = candidacy === claim?.candidacy && claim.at <= this.ticks.now();
      const write = mayClaim ? candidacy.claim() : candidacy.due();
      if (!write) continue;
      writes.push(write);
      writing.push(candidacy);
    }
    if (writes.length > 0) {
      await this.store.write({ writes: writes.map((write) => this.toDocument(write)) });
      await this.look(writing);
    }
    for (const candidacy of candidacies) if (candidacy.isOver) this.remove(candidacy);
  }

  private async look(candidacies: readonly Candidacy[]): Promise<void> {
    this.collection ??= await this.store.collection(leases);
    const keys = candidacies.map(({ name }) => ({ tenant: LEASE_TENANT, id: name }));
    const found: Map<string, { document: Lease | null; position: Position }> = await this.collection.load(keys);
    for (const [at, key] of keys.entries()) candidacies[at]!.see(found.get(keyOf(key)));
  }

  /** What may be claimed first. */
  private nextClaim(): { readonly candidacy: Candidacy; readonly at: number } | undefined {
    const candidacies = [...this.candidacies.values()];
    const owned = candidacies.filter(({ term }) => term !== undefined).length;
    let first: { candidacy: Candidacy; at: number } | undefined;
    for (const candidacy of candidacies) {
      const at = candidacy.claimableAt(owned);
      if (at !== undefined && (!first || at < first.at)) first = { candidacy, at };
    }
    return first;
  }

  private untilNext(): number {
    const claim = this.nextClaim();
    const soon = claim ? Math.max(1, claim.at - this.ticks.now()) : Infinity;
    return Math.min(this.times.poll, soon);
  }

  private toDocument({ lease, position }: LeaseWrite): DocumentWrite {
    return { collection: this.collection!, tenant: LEASE_TENANT, id: lease.id, position, document: lease };
  }

  private remove(candidacy: Candidacy): void {
    if (this.candidacies.get(candidacy.name) === candidacy) this.candidacies.delete(candidacy.name);
    candidacy.finish();
  }
}
