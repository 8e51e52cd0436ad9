import type { CallContext } from '@rapport/kernel';

/** A service's methods as its contract has them, each with the circumstances of the call. */
export type Handlers<Service> = {
  readonly [M in keyof Service as Uncapitalize<M & string>]: Service[M] extends (request: infer Q) => Promise<infer A>
    ? (request: Q, call: CallContext) => Promise<A>
    : never;
};

/**
 * How the gateway reaches services, in process or by gRPC: by the contract's names, with plain messages. Errors are
 * {@link DomainError}s whichever way they came.
 */
export interface Backend {
  /** Full names of the services behind it: `rapport.sales.v1.OpportunitiesService`. */
  readonly services: ReadonlySet<string>;
  /** `method` in camelCase; `request` has the message type's shape with defaults filled in. */
  invoke(service: string, method: string, request: object, call: CallContext): Promise<object>;
}

type AnyHandlers = Readonly<Record<string, (request: never, call: CallContext) => Promise<object>>>;

/** Services in this process: a call is a function call. */
export class InProcessBackend implements Backend {
  readonly services: ReadonlySet<string>;

  constructor(private readonly handlers: ReadonlyMap<string, object>) {
    this.services = new Set(handlers.keys());
  }

  invoke(service: string, method: string, request: object, call: CallContext): Promise<object> {
    const handlers = this.handlers.get(service) as AnyHandlers;
    return handlers[method]!(request as never, call);
  }
}
