import { type Filter, streamNameFilter } from '@eventstore/db-client';
import { DomainError } from '@rapport/kernel';

/**
 * Events that the server looks at for one page of a follower, and how often it says how far it has looked: a follower
 * whose events are rare lags by no more than this.
 */
const SEARCH_WINDOW = 64;

const NOT_THE_ENGINES = /^[^$]/;

/** Part of the names that all our streams have in common: `<namespace>.contact-acme-1`. */
export class Namespace {
  readonly #prefix: string;

  /** @throws DomainError invalid */
  constructor(name = '') {
    if (!/^(?:[a-z][a-z0-9_]{0,39})?$/.test(name)) {
      throw new DomainError(
        'invalid',
        'bad-namespace',
        `"${name}" is no namespace: use a-z, 0-9 and _, a letter first.`,
      );
    }
    this.#prefix = name && `${name}.`;
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
