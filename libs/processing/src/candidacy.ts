import { positionOf, START, type Position } from '@rapport/kernel';
import { LEASE_TENANT, type Lease, type LeaseTimes, type SeenLease } from './lease.js';
import { LeasedTerm } from './leased-term.js';
import type { Campaign, Owner, Term } from './ownership.js';
import type { Ticks } from './ticks.js';

/** What all candidacies of a process have in common. */
export interface CandidateParts {
  readonly owner: string;
  readonly session: string;
  readonly times: LeaseTimes;
  readonly ticks: Ticks;
  /** Work that failed within its term. */
  readonly trouble: (name: string, failure: unknown) => void;
  /** Something has to be written soon. */
  readonly wake: () => void;
}

/** A stop waits so long for the store to take note; then the lease expires by itself. */
const GIVE_UP_MILLISECONDS = 1_000;

export interface LeaseWrite {
  readonly lease: Lease;
  readonly position: Position;
}

interface Attempt {
  readonly what: 'claim' | 'renew' | 'give up';
  readonly beat: number;
  /** When it was begun. */
  readonly at: number;
}

/**
 * One process's campaign for one lease. It is told what the store says ({@link see}) and says what to write
 * ({@link due}); only what it then sees to have gone through counts.
 */
export class Candidacy implements Campaign {
  /** Undefined until it was looked up. */
  private seen: SeenLease | undefined;
  private running: LeasedTerm | undefined;
  private worked: Promise<void> = Promise.resolve();
  private beats = 0;
  /** The last write, until it is seen to have gone through. */
  private attempt: Attempt | undefined;
  private restsUntil = 0;
  private stopping = false;
  private readonly over = Promise.withResolvers<void>();

  constructor(
    readonly name: string,
    private readonly parts: CandidateParts,
    private readonly work: (term: Term) => Promise<void>,
    private readonly failure: () => string | undefined,
  ) {}

  get term(): Term | undefined {
    return this.running;
  }

  /** Whether there is nothing left to do. */
  get isOver(): boolean {
    return this.stopping && !this.running && !this.isMine;
  }

  get owner(): Owner | undefined {
    const { seen, parts } = this;
    if (!seen?.lease?.held || parts.ticks.now() > seen.since + parts.times.ttl) return undefined;
    const { owner, term, failure } = seen.lease;
    return { owner, term, ...(failure === undefined ? {} : { failure }) };
  }

  async stop(): Promise<void> {
    const { ticks, wake } = this.parts;
    this.stopping = true;
    this.running?.end();
    wake();
    await this.worked;
    const enough = new AbortController();
    await Promise.race([this.over.promise, ticks.pause(GIVE_UP_MILLISECONDS, enough.signal)]);
    enough.abort();
  }

  /** To be called once it {@link isOver}. */
  finish(): void {
    this.over.resolve();
  }

  /** What the store said, which was asked before now. */
  see(stored: { readonly document: Lease | null; readonly position: Position } | undefined): void {
    const { ticks, session } = this.parts;
    const lease = stored?.document ?? undefined;
    const version = stored?.position ?? START;
    if (version !== this.seen?.version) this.seen = { lease, version, since: ticks.now() };
    const { running, attempt } = this;
    if (running && (lease?.session !== session || lease.term !== running.number || !lease.held)) running.end();
    if (!attempt || lease?.session !== session || lease.beat !== attempt.beat) return;
    this.attempt = undefined;
    if (attempt.what === 'claim') this.begin(lease.term, attempt.at);
    else if (attempt.what === 'renew') running?.renewed(attempt.at);
  }

  /** When it may be claimed by one that owns so many others already; undefined when it is not to be claimed. */
  claimableAt(owned: number): number | undefined {
    if (!this.seen || this.stopping || this.running || this.isMine) return undefined;
    const { ttl, modesty } = this.parts.times;
    const { lease, since } = this.seen;
    return Math.max(this.restsUntil, since + owned * modesty + (lease?.held ? ttl : 0));
  }

  claim(): LeaseWrite {
    return this.write('claim', (this.seen?.lease?.term ?? 0) + 1);
  }

  /** What has to be written now about a lease that is ours. */
  due(): LeaseWrite | undefined {
    if (!this.isMine) return undefined;
    const { running } = this;
    if (!running) return this.write('give up', this.seen!.lease!.term);
    return running.renewalDue && !running.expired ? this.write('renew', running.number) : undefined;
  }

  private get isMine(): boolean {
    const lease = this.seen?.lease;
    return lease?.held === true && lease.session === this.parts.session;
  }

  private write(what: Attempt['what'], term: number): LeaseWrite {
    const { owner, session, ticks } = this.parts;
    const failure = this.failure();
    const lease: Lease = {
      id: this.name,
      tenant: LEASE_TENANT,
      owner,
      session,
      term,
      held: what !== 'give up',
      beat: (this.beats += 1),
      ...(failure === undefined ? {} : { failure }),
    };
    this.attempt = { what, beat: lease.beat, at: ticks.now() };
    return { lease, position: positionOf(BigInt(this.seen!.version) + 1n) };
  }

  private begin(number: number, renewedAt: number): void {
    const { times, ticks } = this.parts;
    if (this.stopping || ticks.now() >= renewedAt + times.validity) return;
    const term = new LeasedTerm(number, times, ticks, renewedAt);
    this.running = term;
    this.worked = this.perform(term);
  }

  private async perform(term: LeasedTerm): Promise<void> {
    const { parts } = this;
    try {
      await this.work(term);
    } catch (failure) {
      parts.trouble(this.name, failure);
    }
    if (!term.signal.aborted) this.restsUntil = parts.ticks.now() + parts.times.rest;
    term.end();
    this.running = undefined;
    parts.wake();
  }
}
