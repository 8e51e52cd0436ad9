import { PartitionWorker, type LoggedMessage, type PartitionWork } from '@rapport/message-bus';
import type { Batch, KafkaMessage } from 'kafkajs';
import { loggedMessage } from './kafka-records.js';

/** While fewer messages wait, the next ones are fetched. */
const LOW = 500;
/** Milliseconds that a fetch waits for a partition to make room before it goes on without it. */
const GRACE = 200;

interface Fetched {
  readonly messages: readonly KafkaMessage[];
  at: number;
}

/** What was fetched of one partition, and the worker that handles it. */
export class PartitionFeed {
  readonly worker: PartitionWorker;
  private readonly fetched: Fetched[] = [];
  private waiting = 0;
  /** Offset of the next record to fetch. */
  private end: number;
  private lastMessage = -1;
  private madeRoom: (() => void) | undefined;
  private resume: (() => void) | undefined;
  private stopped = false;

  constructor(work: Omit<PartitionWork, 'read' | 'progressed'>, progressed: (feed: PartitionFeed) => void) {
    this.end = work.from;
    this.worker = new PartitionWorker({
      ...work,
      read: (_from, limit) => this.read(limit),
      progressed: () => progressed(this),
    });
  }

  /** Everything before is done with. Past the last message that includes records no consumer is given: ends of transactions. */
  get position(): number {
    const { next } = this.worker;
    return next > this.lastMessage ? this.end : next;
  }

  offer(batch: Batch): void {
    const { messages } = batch;
    this.end = Number(batch.lastOffset()) + 1;
    this.lastMessage = Number(messages.at(-1)!.offset);
    this.waiting += messages.length;
    this.fetched.push({ messages, at: 0 });
    this.worker.wake();
  }

  /** There was nothing for consumers between the last message and here. */
  passed(end: number): void {
    this.end = end;
  }

  /** Resolves when there is room for more; else, a moment later, pauses the partition until there is. */
  async room(pause: () => () => void): Promise<void> {
    if (this.waiting < LOW || this.stopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.resume = pause();
      resolve();
    }, GRACE);
    this.madeRoom = resolve;
    await promise;
    clearTimeout(timer);
    this.madeRoom = undefined;
  }

  /** Finishes the message in hand and takes no other. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.letMoreIn();
    await this.worker.stop();
  }

  private read(limit: number): readonly LoggedMessage[] {
    const head = this.fetched[0];
    if (head === undefined) return [];
    const messages = head.messages.slice(head.at, head.at + limit).map(loggedMessage);
    head.at += messages.length;
    this.waiting -= messages.length;
    if (head.at === head.messages.length) this.fetched.shift();
    if (this.waiting < LOW) this.letMoreIn();
    return messages;
  }

  private letMoreIn(): void {
    this.madeRoom?.();
    this.resume?.();
    this.resume = undefined;
  }
}
