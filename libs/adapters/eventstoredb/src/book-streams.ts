import { type ReadOptions, WrongExpectedRevision } from '@rapport/event-store';
import { newId, type RecordedEvent } from '@rapport/kernel';
import type { Appender } from './appender.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import { StreamReader } from './stream-reader.js';

const encoder = new TextEncoder();

/** The streams in which books are kept: in a namespace that no follower of ours follows. */
export class BookStreams {
  /** @param parts with the namespace of the books */
  constructor(
    private readonly parts: EventStoreDbParts,
    private readonly appender: Appender,
  ) {}

  read(stream: string, options: ReadOptions): AsyncIterable<RecordedEvent> {
    return new StreamReader(this.parts, stream, options).events();
  }

  /** False when the stream is not where it was expected (-1: missing), because somebody else has written. */
  async append(stream: string, type: string, content: object, expected: number): Promise<boolean> {
    return this.#append(stream, this.parts.namespace.outside(stream), { type, content, expected });
  }

  /** The engine may forget all but the last event of a stream. Nothing where somebody has said so before. */
  async keepLast(stream: string): Promise<void> {
    const name = `$$${this.parts.namespace.outside(stream)}`;
    await this.#append(stream, name, { type: '$metadata', content: { $maxCount: 1 }, expected: -1 });
  }

  async #append(
    stream: string,
    name: string,
    { type, content, expected }: { readonly type: string; readonly content: object; readonly expected: number },
  ): Promise<boolean> {
    const event = { id: newId(), type, data: encoder.encode(JSON.stringify(content)), metadata: encoder.encode('{}') };
    try {
      await this.appender.append({ stream, name, events: [event], expected });
      return true;
    } catch (failure) {
      if (failure instanceof WrongExpectedRevision) return false;
      throw failure;
    }
  }
}
