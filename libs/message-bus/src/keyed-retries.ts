import type { LoggedMessage } from './message-log.js';

/** A failed message that waits for its next try. */
export interface HeldMessage {
  readonly message: LoggedMessage;
  /** Number of the next try. */
  attempt: number;
  /** Milliseconds on the caller's clock. */
  dueAt: number;
}

interface HeldKey extends HeldMessage {
  message: LoggedMessage;
  /** Younger messages of the same key, in order. */
  readonly behind: LoggedMessage[];
}

/**
 * The keys of one partition that are held up by a failed message. Only they wait: the partition goes on with its other
 * keys, and what comes in for a held key queues behind its failed message, so that the order per key stays.
 */
export class KeyedRetries {
  private readonly byKey = new Map<string, HeldKey>();
  private earliest = Infinity;
  private held = 0;

  /** Messages that wait, failed ones and those behind them. */
  get size(): number {
    return this.held;
  }

  /** When the next try is due; Infinity when nothing waits. */
  get nextDueAt(): number {
    return this.earliest;
  }

  /** The smallest offset that waits: everything before it that was read is handled. */
  get oldestOffset(): number | undefined {
    let oldest: number | undefined;
    for (const { message } of this.byKey.values()) {
      if (oldest === undefined || message.offset < oldest) oldest = message.offset;
    }
    return oldest;
  }

  /** Queues the message behind its key's failed one; false when its key is not held up. */
  queueBehind(message: LoggedMessage): boolean {
    const held = this.byKey.get(message.key);
    if (held === undefined) return false;
    held.behind.push(message);
    this.held += 1;
    return true;
  }

  /** The message failed and is to be tried again. */
  hold(message: LoggedMessage, attempt: number, dueAt: number): void {
    const held = this.byKey.get(message.key);
    if (held === undefined) {
      this.byKey.set(message.key, { message, attempt, dueAt, behind: [] });
      this.held += 1;
    } else {
      held.attempt = attempt;
      held.dueAt = dueAt;
    }
    this.findEarliest();
  }

  /** A message whose try is due; it stays held until {@link release} or the next {@link hold}. */
  due(now: number): HeldMessage | undefined {
    if (now < this.earliest) return undefined;
    for (const held of this.byKey.values()) if (held.dueAt <= now) return held;
    return undefined;
  }

  /** The key's failed message is done with; the one behind it is due at once. */
  release(key: string): void {
    const held = this.byKey.get(key);
    if (held === undefined) return;
    this.held -= 1;
    const next = held.behind.shift();
    if (next === undefined) {
      this.byKey.delete(key);
    } else {
      held.message = next;
      held.attempt = 1;
      held.dueAt = -Infinity;
    }
    this.findEarliest();
  }

  private findEarliest(): void {
    this.earliest = Infinity;
    for (const { dueAt } of this.byKey.values()) if (dueAt < this.earliest) this.earliest = dueAt;
  }
}
