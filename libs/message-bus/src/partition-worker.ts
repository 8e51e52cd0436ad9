import type { Message, RetryPolicy, SubscribeOptions } from './message-bus.js';
import type { LoggedMessage } from './message-log.js';
import { KeyedRetries } from './keyed-retries.js';
import { pauseAfter } from './retry-policy.js';
import type { OnTrouble } from './trouble.js';

/** What one group does with one partition. */
export interface PartitionWork {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first message to handle. */
  readonly from: number;
  readonly handle: SubscribeOptions['handle'];
  readonly retry: RetryPolicy;
  /** The oldest `limit` messages at or after an offset. */
  readonly read: (from: number, limit: number) => readonly LoggedMessage[];
  /** Resolves once the message lies durably in the dead-letter topic. */
  readonly park: (message: Message, error: unknown) => Promise<void>;
  /** {@link PartitionWorker.next} may have moved. */
  readonly progressed: (worker: PartitionWorker) => void;
  readonly onTrouble: OnTrouble;
}

const BATCH = 256;
/** A partition stops reading while this many messages wait for retries: memory stays bounded when everything fails. */
const HELD_AT_MOST = 1_000;
const STORAGE_PAUSE = 1_000;

/**
 * Handles the messages of one partition, one at a time and in order. A message that fails holds up its own key only
 * ({@link KeyedRetries}); tries are counted in memory, so a restart begins again at 1.
 */
export class PartitionWorker {
  private readonly retries = new KeyedRetries();
  private readonly stopping = new AbortController();
  private batch: readonly LoggedMessage[] = [];
  private place = 0;
  private cursor: number;
  private busy = false;
  private finished: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Infinity unless the last read failed. */
  private unreadableUntil = Infinity;

  constructor(readonly work: PartitionWork) {
    this.cursor = work.from;
  }

  /** Everything before this offset is handled or parked; later messages of keys that did not fail may be too. */
  get next(): number {
    return this.retries.oldestOffset ?? this.cursor;
  }

  /** New messages may be there. Cheap when already at work. */
  wake(): void {
    if (this.busy || this.stopping.signal.aborted) return;
    clearTimeout(this.timer);
    this.busy = true;
    this.finished = this.run();
  }

  /** Lets the handler finish the message in hand and takes no other. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.stopping.abort();
    await this.finished;
  }

  private async run(): Promise<void> {
    let handled = 0;
    while (!this.stopping.signal.aborted) {
      const due = this.retries.size > 0 ? this.retries.due(performance.now()) : undefined;
      if (due !== undefined) {
        await this.attempt(due.message, due.attempt);
      } else {
        const message = this.take();
        if (message === undefined) break;
        if (this.retries.queueBehind(message)) this.cursor = message.offset + 1;
        else await this.attempt(message, 1);
      }
      // Handlers that never leave the microtask queue would starve timers and sockets.
      if (++handled % BATCH === 0) await new Promise(setImmediate);
    }
    this.busy = false;
    this.sleepUntil(this.retries.nextDueAt);
  }

  /** The next message in order; undefined at the end and while too many wait. */
  private take(): LoggedMessage | undefined {
    if (this.retries.size >= HELD_AT_MOST) return undefined;
    if (this.place === this.batch.length) {
      this.place = 0;
      this.batch = this.read();
      if (this.batch.length === 0) return undefined;
    }
    const message = this.batch[this.place++]!;
    this.cursor = message.offset;
    return message;
  }

  private read(): readonly LoggedMessage[] {
    try {
      return this.work.read(this.cursor, BATCH);
    } catch (error) {
      this.storageTrouble(error);
      this.unreadableUntil = performance.now() + STORAGE_PAUSE;
      return [];
    }
  }

  private async attempt(logged: LoggedMessage, attempt: number): Promise<void> {
    const { topic, partition, handle } = this.work;
    const { key, headers, value } = logged;
    const message: Message = { id: `${topic}/${partition}/${logged.offset}`, attempt, topic, key, headers, value };
    try {
      await handle(message, this.stopping.signal);
    } catch (error) {
      // A handler that gave up because it was asked to stop has not failed: whoever comes next begins with this message.
      if (this.stopping.signal.aborted || !(await this.failed(logged, message, error))) return;
    }
    this.retries.release(logged.key);
    this.leave(logged);
  }

  /** True when the message is parked and thereby done with. */
  private async failed(logged: LoggedMessage, message: Message, error: unknown): Promise<boolean> {
    const { group, retry, onTrouble } = this.work;
    const { id: messageId, attempt } = message;
    if (attempt < retry.attempts) {
      onTrouble({ kind: 'retrying', group, messageId, attempt, error });
      this.retries.hold(logged, attempt + 1, performance.now() + pauseAfter(attempt, retry));
      this.leave(logged);
      return false;
    }
    try {
      await this.work.park(message, error);
    } catch (problem) {
      this.storageTrouble(problem);
      this.retries.hold(logged, attempt, performance.now() + STORAGE_PAUSE);
      this.leave(logged);
      return false;
    }
    onTrouble({ kind: 'parked', group, messageId, attempt, error });
    return true;
  }

  /** The message is no longer in hand: handled, parked or held. */
  private leave(message: LoggedMessage): void {
    if (message.offset === this.cursor) this.cursor += 1;
    this.work.progressed(this);
  }

  private storageTrouble(error: unknown): void {
    const { group, topic, onTrouble } = this.work;
    onTrouble({ kind: 'storage', group, topic, error });
  }

  private sleepUntil(due: number): void {
    if (this.stopping.signal.aborted) return;
    const at = Math.min(due, this.unreadableUntil);
    this.unreadableUntil = Infinity;
    if (at < Infinity) this.timer = setTimeout(() => this.wake(), Math.max(0, Math.ceil(at - performance.now())));
  }
}
