/** Where the server is and how to treat it. */
export interface EventStoreDbOptions {
  /**
   * The engine's own connection string: `esdb://host:2113?tls=false` for one node, `esdb+discover://name` for a cluster;
   * `kurrentdb://` says the same. Without TLS the client sends no credentials. `keepAliveTimeout` and
   * `throwOnAppendFailure` are the adapter's own.
   */
  readonly url: string;
  /** Put before the name of every stream, so that installations and tests can share a server: `a-z`, `0-9` and `_`. */
  readonly namespace?: string;
  /** What the server's log calls us. */
  readonly connectionName?: string;
  /** How long an append is tried, repeats included, before its outcome counts as unknown. Default 10,000. */
  readonly appendTimeoutMilliseconds?: number;
  readonly trouble?: EventStoreDbTrouble;
}

/** Told of every failure that the adapter answers by trying again: what it was doing, why it failed, the how-manyth time. */
export type EventStoreDbTrouble = (doing: string, failure: unknown, attempt: number) => void;
