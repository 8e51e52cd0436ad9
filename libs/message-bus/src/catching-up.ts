import { DomainError } from '@rapport/kernel';
import type { GroupMember } from './consumer-group.js';
import type { PartitionWorker } from './partition-worker.js';

/** A partition that a group has to handle up to `end`, and has up to `next`. */
export interface PartitionAhead {
  readonly topic: string;
  readonly partition: number;
  readonly end: number;
  readonly next: number;
}

/** Whoever waits until a group has come to where its partitions ended when they began to wait. */
export class CatchingUp {
  private readonly waiting = new Set<Waiting>();

  wait(group: string, member: GroupMember, partitions: readonly PartitionAhead[]): Promise<void> {
    const ahead = partitions.filter(({ next, end }) => next < end);
    if (ahead.length === 0) return Promise.resolve();
    const ends = new Map(ahead.map(({ topic, partition, end }) => [placeOf(topic, partition), end]));
    return new Promise((resolve, reject) => this.waiting.add({ group, member, ends, resolve, reject }));
  }

  /** A worker may have handled one more message. Costs nothing while nobody waits. */
  progressed({ work, next }: Pick<PartitionWorker, 'work' | 'next'>): void {
    if (this.waiting.size === 0) return;
    const place = placeOf(work.topic, work.partition);
    for (const waiting of this.waiting) {
      const end = waiting.group === work.group ? waiting.ends.get(place) : undefined;
      if (end === undefined || next < end) continue;
      waiting.ends.delete(place);
      if (waiting.ends.size === 0) this.settle(waiting, waiting.resolve);
    }
  }

  /** The member leaves its group: what it waits for may never come. */
  giveUp(member: GroupMember): void {
    for (const waiting of this.waiting) {
      if (waiting.member === member) this.settle(waiting, () => waiting.reject(subscriptionClosed(waiting.group)));
    }
  }

  private settle(waiting: Waiting, settle: () => void): void {
    this.waiting.delete(waiting);
    settle();
  }
}

export const subscriptionClosed = (group: string): DomainError =>
  new DomainError('unavailable', 'subscription-closed', `The subscription of ${group} is closed. Subscribe again.`);

interface Waiting {
  readonly group: string;
  readonly member: GroupMember;
  readonly ends: Map<string, number>;
  readonly resolve: () => void;
  readonly reject: (error: DomainError) => void;
}

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;
