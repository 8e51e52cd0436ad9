import { BACKWARDS, END, FORWARDS, type ResolvedEvent, START } from '@eventstore/db-client';
import type { ReadOptions } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { isLost, isMissing } from './client-failure.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import type { Link } from './link.js';
import { Patience } from './patience.js';
import { ReadCall } from './read-call.js';
import { recordedEvent } from './recorded-event.js';

/** Reads one stream, and goes on behind the last event given when the connection is lost meanwhile. */
export class StreamReader {
  #next: number | undefined;
  #left: number;
  readonly #patience: Patience;

  constructor(
    private readonly parts: EventStoreDbParts,
    private readonly stream: string,
    private readonly options: ReadOptions,
  ) {
    this.#next = options.from;
    this.#left = Math.min(options.limit ?? Infinity, Number.MAX_SAFE_INTEGER);
    this.#patience = new Patience(parts, stream);
  }

  async *events(): AsyncGenerator<RecordedEvent, void, undefined> {
    const step = this.#backwards ? -1 : 1;
    while (this.#left > 0 && !(this.#next! < 0)) {
      const { commands } = this.parts;
      const link = commands.take();
      const call = this.#call(link);
      try {
        do {
          for (let taken = call.take(); taken; taken = call.take()) {
            const event = recordedEvent(taken.event!, this.stream);
            this.#next = event.revision + step;
            this.#left -= 1;
            this.#patience.renew();
            yield event;
          }
        } while (await call.more());
        return;
      } catch (failure) {
        if (isMissing(failure)) return;
        if (isLost(failure)) commands.replace(link);
        await this.#patience.afterFailure(failure);
      } finally {
        call.close();
        commands.release(link);
      }
    }
  }

  get #backwards(): boolean {
    return this.options.direction === 'backwards';
  }

  #call({ client }: Link): ReadCall<ResolvedEvent> {
    const { namespace, closing } = this.parts;
    const read = client.readStream(namespace.outside(this.stream), {
      direction: this.#backwards ? BACKWARDS : FORWARDS,
      fromRevision: this.#next === undefined ? (this.#backwards ? END : START) : BigInt(this.#next),
      maxCount: this.#left,
    });
    return new ReadCall(read, closing);
  }
}
