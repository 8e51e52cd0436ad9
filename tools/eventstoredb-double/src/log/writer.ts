import { randomUUID } from 'node:crypto';
import { decide } from './append-decision.js';
import type { ProposedEvent } from './events.js';
import type { Expected } from './expected.js';
import type { Addition, Log } from './log.js';
import type { Outcome } from './outcome.js';
import type { RecentIds } from './recent-ids.js';
import { parseMetadata, softDeletion, undeletion } from './stream-metadata.js';
import type { Stream } from './stream.js';
import { DELETED, SystemType, isMetastream, metastreamOf, subjectOf } from './system-names.js';

/** Everything that changes the log. */
export class Writer {
  constructor(
    readonly log: Log,
    private readonly recent: RecentIds,
  ) {}

  append(name: string, expected: Expected, events: readonly ProposedEvent[]): Outcome {
    const stream = this.log.stream(name);
    const decision = this.#decide(stream, expected, events);
    if (decision.kind === 'deleted') return decision;
    if (decision.kind === 'wrong-version') return { ...decision, current: stream.last };
    if (decision.kind === 'write') return this.#write(stream, events);
    const { revision, position } = decision.last;
    const retried = { kind: 'done', revision, durable: this.log.settled() } as const;
    return stream.softDeleted ? retried : { ...retried, position };
  }

  /** Soft: the stream can be written to again. */
  delete(name: string, expected: Expected): Outcome {
    const stream = this.log.stream(name);
    const decision = this.#decide(stream, expected, [{ id: randomUUID() }]);
    if (decision.kind === 'deleted') return decision;
    if (decision.kind === 'wrong-version' || stream.last < 0) return { kind: 'wrong-version', current: stream.last };
    return { kind: 'done', revision: stream.last, ...this.log.write([this.#metadata(stream, softDeletion())]) };
  }

  /** For ever. */
  tombstone(name: string, expected: Expected): Outcome {
    const stream = this.log.stream(name);
    const decision = this.#decide(stream, expected, [{ id: randomUUID() }]);
    if (decision.kind === 'deleted') return decision;
    if (decision.kind === 'wrong-version') return { ...decision, current: stream.last };
    const event = proposed(SystemType.tombstone, NOTHING, false);
    return { kind: 'done', revision: DELETED, ...this.log.write([{ stream, event, tombstone: true }]) };
  }

  #decide(stream: Stream, expected: Expected, events: readonly { readonly id: string }[]): ReturnType<typeof decide> {
    const question = { stream, hasMetadata: this.log.hasMetadata(stream), expected, ids: events.map(({ id }) => id) };
    return decide(question, this.recent);
  }

  #write(stream: Stream, events: readonly ProposedEvent[]): Outcome {
    const additions = [...events.map((event) => ({ stream, event })), ...this.#undeletion(stream, events.at(-1))];
    const { entries, position, durable } = this.log.write(additions);
    for (let n = 0; n < events.length; n++) this.recent.add(entries[n]!);
    const last = entries[events.length - 1];
    return { kind: 'done', revision: stream.last, position: last?.position ?? position, durable };
  }

  /** Writing to a soft-deleted stream, or to its metadata, brings the stream back without its old events. */
  #undeletion(stream: Stream, last: ProposedEvent | undefined): readonly Addition[] {
    if (stream.softDeleted) return [this.#metadata(stream, undeletion(stream.metadata, stream.last + 1))];
    const subject = isMetastream(stream.name) ? this.log.find(subjectOf(stream.name)) : undefined;
    if (!last || !subject?.softDeleted) return [];
    return [this.#metadata(subject, undeletion(parseMetadata(last.json, last.data), subject.last + 1))];
  }

  #metadata({ name }: Stream, document: Buffer): Addition {
    return { stream: this.log.stream(metastreamOf(name)), event: proposed(SystemType.metadata, document, true) };
  }
}

const proposed = (type: string, data: Buffer, json: boolean): ProposedEvent => ({
  id: randomUUID(),
  type,
  json,
  data,
  metadata: NOTHING,
});

const NOTHING = Buffer.alloc(0);
