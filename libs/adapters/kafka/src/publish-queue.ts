import type { OutgoingMessage } from '@rapport/message-bus';
import { batchesOf, fitTogether, type Batch, type BatchSize } from './batches.js';

/** One call to publish; its batches after a failed one are not sent, or a repeated call would come out of order. */
interface Call {
  failure?: { readonly error: unknown };
}

interface Waiting {
  readonly batch: Batch;
  readonly call: Call;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Many publishers, one request under way: what arrives meanwhile goes into the next one, in order. */
export class PublishQueue {
  private queue: Waiting[] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly send: (messages: readonly OutgoingMessage[]) => Promise<void>) {}

  /** Resolves once all are sent. When it rejects, the first of them may have been sent and the others were not. */
  async add(messages: readonly OutgoingMessage[]): Promise<void> {
    const call: Call = {};
    await Promise.all(batchesOf(messages).map((batch) => this.enqueue(batch, call)));
  }

  /** Resolves when nothing is left to send. */
  async drained(): Promise<void> {
    await this.sending;
  }

  private enqueue(batch: Batch, call: Call): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ batch, call, resolve, reject });
      this.sending ??= this.sendAll();
    });
  }

  private async sendAll(): Promise<void> {
    // Publishers of the same moment travel together.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const together = this.next();
      try {
        await this.send(together.length === 1 ? together[0]!.batch.messages : together.flatMap(messagesOf));
        for (const { resolve } of together) resolve();
      } catch (error) {
        for (const { call } of together) call.failure = { error };
        for (const { reject } of together) reject(error);
        this.dropFailed();
      }
    }
    this.sending = undefined;
  }

  /** As many of the oldest as fit into one request. */
  private next(): readonly Waiting[] {
    const size: BatchSize = { count: 0, bytes: 0 };
    let count = 0;
    while (count < this.queue.length && fitTogether(size, this.queue[count]!.batch)) count += 1;
    return this.queue.splice(0, count);
  }

  private dropFailed(): void {
    this.queue = this.queue.filter(({ call, reject }) => {
      if (call.failure !== undefined) reject(call.failure.error);
      return call.failure === undefined;
    });
  }
}

const messagesOf = ({ batch }: Waiting): readonly OutgoingMessage[] => batch.messages;
