import type { Actor } from './event.js';
import type { Policy } from './policy.js';

/** Who asks: established once by the gateway, carried to every handler. */
export interface Principal {
  readonly tenant: string;
  readonly actor: Actor;
  readonly roles: readonly string[];
  /** What the caller may call, where that is said by more than the names of roles: a user's own roles, a key that is narrowed. */
  readonly permissions?: readonly string[];
  /** What of the records: everything of the tenant where it is not said. */
  readonly policy?: Policy;
}

/** What surrounds one call of a service, whichever way it came (in process or gRPC). */
export interface CallContext {
  readonly principal: Principal;
  readonly correlationId: string;
  /** The event that led to this call, where a reaction makes it. */
  readonly causationId?: string;
  /** The client's `Idempotency-Key`: the same key gives the same event ids and the same answer. */
  readonly idempotencyKey?: string;
  /**
   * Names this call where its way to the service may bring it twice: a UUID version 7, from which new records and events
   * take their ids. None where a call is a function call.
   */
  readonly requestId?: string;
  /** The call has been sent before and may have been answered, too: its first outcome is looked for. */
  readonly repeated?: boolean;
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
  /** The work goes on behind the answer, which says how far it is. */
  pending?: boolean;
  consistency?: string;
}
