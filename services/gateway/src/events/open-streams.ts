import { DomainError } from '@rapport/kernel';
import type { Logger } from '@rapport/observability';
import type { Grant } from '../access/grant.js';

/** One open stream's place among all. */
export interface StreamPlace extends Disposable {
  readonly signal: AbortSignal;
  readonly end: () => void;
}

/** Most streams that may be open: of all callers, of one tenant, of one access token. */
export interface StreamLimits {
  readonly all: number;
  readonly tenant: number;
  readonly token: number;
}

interface Open {
  readonly controller: AbortController;
  readonly grant: Grant;
}

/** The streams that are open, so that they can be counted, and ended when the gateway stops. */
export class OpenStreams {
  readonly #open = new Set<Open>();
  #stopping = false;

  constructor(
    private readonly limits: StreamLimits,
    readonly heartbeatSeconds: number,
    private readonly logger: Logger,
  ) {}

  /** @throws DomainError when there are too many, or the gateway stops */
  open(grant: Grant): StreamPlace {
    if (this.#stopping) throw new DomainError('unavailable', 'stopping', 'Rapport is stopping. Come back in a moment.');
    this.#refuseTooMany(grant);
    const open = { controller: new AbortController(), grant };
    this.#open.add(open);
    const end = (): void => open.controller.abort();
    return { signal: open.controller.signal, end, [Symbol.dispose]: () => void (end(), this.#open.delete(open)) };
  }

  failed(error: unknown, correlationId: string): void {
    this.logger.warn('A stream of events broke off', { correlationId }, error);
  }

  close(): void {
    this.#stopping = true;
    for (const { controller } of this.#open) controller.abort();
  }

  /** What one caller holds is refused to that caller alone, as long as there is room for others. */
  #refuseTooMany({ id, principal }: Grant): void {
    const { all, tenant, token } = this.limits;
    const count = (isOne: (open: Open) => boolean): number => [...this.#open].filter(isOne).length;
    if (count(({ grant }) => grant.id === id) >= token) throw tooMany('rate-limited', 'This access token has', token);
    if (count(({ grant }) => grant.principal.tenant === principal.tenant) >= tenant)
      throw tooMany('rate-limited', 'Your organisation has', tenant);
    if (this.#open.size >= all) throw tooMany('unavailable', 'There are', all);
  }
}

const tooMany = (kind: 'rate-limited' | 'unavailable', who: string, limit: number): DomainError => {
  const message = `${who} ${limit} open streams of events, as many as may be. Close one, or let one reader serve several uses.`;
  return new DomainError(kind, 'too-many-streams', message, { retryAfterSeconds: 10 });
};
