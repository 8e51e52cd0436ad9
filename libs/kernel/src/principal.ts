import type { Actor } from './event.js';

/** Who asks: established once by the gateway, carried to every handler. */
export interface Principal {
  readonly tenant: string;
  readonly actor: Actor;
  readonly roles: readonly string[];
}

/** What surrounds one call of a service, whichever way it came (in process or gRPC). */
export interface CallContext {
  readonly principal: Principal;
  readonly correlationId: string;
  /** The client's `Idempotency-Key`: the same key gives the same event ids and the same answer. */
  readonly idempotencyKey?: string;
  /** From `If-Match`: the revision the caller has seen. */
  readonly expectedRevision?: number;
  /** From `Rapport-Consistency`: a read waits until the projection has passed this write. */
  readonly consistency?: string;
  readonly traceparent?: string;
  readonly signal?: AbortSignal;
  /** Set by a handler; sent back to the caller as headers (`ETag`, `Rapport-Consistency`). */
  readonly answer: AnswerMarks;
}

export interface AnswerMarks {
  revision?: number;
  consistency?: string;
}
