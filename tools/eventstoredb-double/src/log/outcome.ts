/** Written, or found to have been written before; the answer must wait for `durable`. */
export interface Done {
  readonly kind: 'done';
  /** Of the last event of the request; the last one of the stream for a request without events, -1 if there is none. */
  readonly revision: number;
  /** Absent when a retry is answered whose stream was soft-deleted since. */
  readonly position?: number;
  readonly durable: Promise<void>;
}

/** Why nothing was written. */
export type Refusal =
  /** `current` is the last revision, whatever is hidden; -1 for a missing stream. */
  | { readonly kind: 'wrong-version'; readonly current: number }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'append-too-large'; readonly limit: number }
  | { readonly kind: 'event-too-large'; readonly id: string; readonly size: number; readonly limit: number }
  | { readonly kind: 'properties-missing' }
  | { readonly kind: 'invalid'; readonly message: string }
  /** The only one after which the events may be there all the same. */
  | { readonly kind: 'timeout' };

export type Outcome = Done | Refusal;
