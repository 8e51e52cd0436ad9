import { type Filter, streamNameFilter } from '@eventstore/db-client';
import { DomainError } from '@rapport/kernel';

/**
 * Events that the server looks at for one page of a follower, and how often it says how far it has looked: a follower
 * whose events are rare lags by no more than this.
 */
const SEARCH_WINDOW = 64;

/** Neither the engine's own nor, where no namespace stands before them, our books. */
const NOT_THE_ENGINES = /^[^$-]/;

/** Behind the name of a namespace: a hyphen, which no namespace has, so that nobody else's streams begin like this. */
const BOOKS = '-books';

/** Part of the names that all our streams have in common: `<namespace>.contact-acme-1`. */
export class Namespace {
  readonly #prefix: string;

  private constructor(private readonly name: string) {
    this.#prefix = name && `${name}.`;
  }

  /** @throws DomainError invalid */
  static of(name = ''): Namespace {
    if (!/^(?:[a-z][a-z0-9_]{0,39})?$/.test(name)) {
      throw new DomainError(
        'invalid',
        'bad-namespace',
        `"${name}" is no namespace: use a-z, 0-9 and _, a letter first.`,
      );
    }
    return new Namespace(name);
  }

  /** The neighbouring one, in which books are kept: what is followed here never sees it. */
  get books(): Namespace {
    return new Namespace(`${this.name}${BOOKS}`);
  }

  /** Name in the engine. */
  outside(stream: string): string {
    return this.#prefix + stream;
  }

  /** Name in Rapport. */
  inside(stream: string): string {
    return stream.slice(this.#prefix.length);
  }

  /** Whether a stream, by its name in the engine, is one that a follower of everything here is given. */
  holds(stream: string): boolean {
    return this.#prefix ? stream.startsWith(this.#prefix) : NOT_THE_ENGINES.test(stream);
  }

  /** The followed streams; without a prefix all of ours, and never those of the engine itself, which begin with `$`. */
  filter(prefixes: readonly string[], checkpointReached: Filter['checkpointReached']): Filter {
    const tuning = { maxSearchWindow: SEARCH_WINDOW, checkpointInterval: 1, checkpointReached };
    if (prefixes.length > 0) {
      return streamNameFilter({ ...tuning, prefixes: prefixes.map((prefix) => this.outside(prefix)) });
    }
    return this.#prefix
      ? streamNameFilter({ ...tuning, prefixes: [this.#prefix] })
      : streamNameFilter({ ...tuning, regex: NOT_THE_ENGINES.source });
  }
}
