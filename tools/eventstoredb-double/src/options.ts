/** How to start a server; everything has a default. */
export interface DoubleOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: a free one, which a restart keeps. */
  readonly port?: number | undefined;
  /** Of the HTTP server that takes the fault switches. Default 0: a free one. */
  readonly controlPort?: number | undefined;
  /** Folder of the log. Without it everything is gone when the server stops. */
  readonly data?: string | undefined;
  /** Release to behave as, `23.10`, `24.2`, `24.10`, `25.0` or `26.0`; see `release.ts`. Default 26.0. */
  readonly as?: string | undefined;
  /** Bytes in one append; default: what the release allows. */
  readonly maxAppendSize?: number | undefined;
  /** Bytes in one event; default: what the release allows. */
  readonly maxAppendEventSize?: number | undefined;
  /** Bytes of memory for recognizing retries that name no revision. Default 8 MiB. */
  readonly recentIdsSize?: number | undefined;
}
