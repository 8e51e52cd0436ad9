import { BACKWARDS, END } from '@eventstore/db-client';
import { type Position, positionOf, START } from '@rapport/kernel';
import { isLost } from './client-failure.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import type { Link } from './link.js';
import { Patience } from './patience.js';
import { ReadCall } from './read-call.js';
import { pause } from './waiting.js';

/** Reads may be answered by a node that does not have yet what another one gave. */
const BEHIND_MILLISECONDS = 2_000;
const LOOK_AGAIN_MILLISECONDS = 200;

/**
 * Finds the last event of ours in a log that others write to as well, by reading it backwards until one of ours comes. It
 * remembers how far it has looked: what others write is passed over once, however seldom something of ours is written.
 */
export class LogEnd {
  #last: Position = START;
  /** Up to here nothing of ours comes after {@link #last}. */
  #looked: Position = START;

  constructor(private readonly parts: EventStoreDbParts) {}

  /** START when there is nothing of ours. @throws StoreUnavailable */
  async find(): Promise<Position> {
    const { commands } = this.parts;
    const patience = new Patience(this.parts, 'the end of the log');
    for (;;) {
      const link = commands.take();
      try {
        return await this.#look(link);
      } catch (failure) {
        if (isLost(failure)) commands.replace(link);
        await patience.afterFailure(failure);
      } finally {
        commands.release(link);
      }
    }
  }

  /** Whether the whole log, of everybody, ends before a position; a node that is behind has a while to get there. */
  async isBefore(position: Position): Promise<boolean> {
    const since = performance.now();
    while (position > this.#looked) {
      await this.find();
      if (position <= this.#looked) break;
      if (performance.now() - since > BEHIND_MILLISECONDS) return true;
      await pause(LOOK_AGAIN_MILLISECONDS, this.parts.closing);
    }
    return false;
  }

  async #look({ client }: Link): Promise<Position> {
    const { namespace, closing } = this.parts;
    const call = new ReadCall(client.readAll({ direction: BACKWARDS, fromPosition: END }), closing);
    let head: Position | undefined;
    try {
      do {
        for (let taken = call.take(); taken; taken = call.take()) {
          const { streamId, type, position } = taken.event!;
          const place = positionOf(position.commit);
          head ??= place;
          if (place <= this.#looked) return this.#found(head);
          if (namespace.holds(streamId) && !type.startsWith('$')) return this.#found(head, place);
        }
      } while (await call.more());
      return this.#found(head ?? START);
    } finally {
      call.close();
    }
  }

  /** Of several who look at the same time, the one who has seen most counts. */
  #found(head: Position, last = this.#last): Position {
    if (head > this.#looked) this.#looked = head;
    if (last > this.#last) this.#last = last;
    return this.#last;
  }
}
