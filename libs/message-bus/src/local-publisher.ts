import { DomainError } from '@rapport/kernel';
import type { OutgoingMessage, Publisher } from './message-bus.js';

/** A publisher over a log that checks its generation with every append. */
export class LocalPublisher implements Publisher {
  private closed = false;

  constructor(
    private readonly name: string,
    private readonly append: (messages: readonly OutgoingMessage[]) => Promise<void>,
  ) {}

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (this.closed) throw publisherClosed(this.name);
    await this.append(messages);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

export const publisherClosed = (name: string): DomainError =>
  new DomainError('unavailable', 'publisher-closed', `The publisher ${name} is closed. Open another.`);
