import { setTimeout as wait } from 'node:timers/promises';
import { type Metadata, status } from '@grpc/grpc-js';
import { notLeader, ServiceFailure, unauthenticated, unavailable } from '../wire/failures.js';
import { type Denial, type Ending, type Faults, type Loss, NO_FAULTS, type Switches } from './faults.js';

/** A call that can be ended from outside. */
export interface Endable {
  /** Without a failure the call ends as if all were well. */
  finish(failure?: ServiceFailure): void;
}

/** The faults of a server in this process, and where its calls ask for them. */
export class FaultSwitchboard implements Faults {
  readonly subscriptions = new Set<Endable>();
  /** Open batch streams with the headers that they were opened with. */
  readonly batches = new Map<Endable, Metadata>();
  #switches: Switches = NO_FAULTS;

  async set(switches: Partial<Switches>): Promise<void> {
    this.#switches = { ...this.#switches, ...switches };
    for (const [batch, headers] of this.batches) {
      const leader = this.#leaderInstead(headers, true);
      if (leader) batch.finish(notLeader(leader));
    }
  }

  async current(): Promise<Switches> {
    return this.#switches;
  }

  async reset(): Promise<void> {
    this.#switches = NO_FAULTS;
  }

  async dropSubscriptions(ending: Ending = 'unavailable'): Promise<number> {
    const dropped = [...this.subscriptions];
    for (const subscription of dropped) subscription.finish(FAILURES[ending]);
    return dropped.length;
  }

  get isLeader(): boolean {
    return !this.#switches.notLeader;
  }

  /** Whether users may do this. */
  allows(denial: Denial): boolean {
    return this.#switches.denied !== denial;
  }

  get readerDelay(): number {
    return this.#switches.readerDelay;
  }

  /** @throws ServiceFailure this call is to fail */
  admit(headers: Metadata, writes: boolean): void {
    if (this.#take('unavailable')) throw unavailable();
    if (!this.allows('everything')) throw unauthenticated();
    const leader = this.#leaderInstead(headers, writes);
    if (leader) throw notLeader(leader);
  }

  /** Whether the answer of the append that is asked for gets lost, and how. */
  loss(): Loss | undefined {
    return this.#take('loseAnswers') ? this.#switches.loss : undefined;
  }

  /** Undefined when nothing is to be waited for. */
  delay(): Promise<void> | undefined {
    return this.#switches.delay > 0 ? wait(this.#switches.delay) : undefined;
  }

  /** Who has to be asked instead of this server, if it must refuse. */
  #leaderInstead(headers: Metadata, writes: boolean): Switches['notLeader'] {
    const { notLeader: leader } = this.#switches;
    const refused = (writes && !leader?.forwarding) || headers.get('requires-leader')[0] === 'true';
    return refused ? leader : null;
  }

  #take(counter: 'unavailable' | 'loseAnswers'): boolean {
    const left = this.#switches[counter];
    if (left > 0) this.#switches = { ...this.#switches, [counter]: left - 1 };
    return left > 0;
  }
}

const FAILURES: Readonly<Record<Ending, ServiceFailure | undefined>> = {
  unavailable: unavailable(),
  cancelled: new ServiceFailure(status.CANCELLED, 'The call was cancelled by the server'),
  ok: undefined,
};
