import { DomainError } from '@rapport/kernel';
import type { Logger } from '@rapport/observability';

/** One open stream's place among all. */
export interface StreamPlace extends Disposable {
  readonly signal: AbortSignal;
  readonly end: () => void;
}

/** The streams that are open, so that they can be counted, and ended when the gateway stops. */
export class OpenStreams {
  readonly #open = new Set<AbortController>();
  #stopping = false;

  constructor(
    private readonly limit: number,
    readonly heartbeatSeconds: number,
    private readonly logger: Logger,
  ) {}

  /** @throws DomainError when there are too many, or the gateway stops */
  open(): StreamPlace {
    if (this.#stopping) throw new DomainError('unavailable', 'stopping', 'Rapport is stopping. Come back in a moment.');
    if (this.#open.size >= this.limit)
      throw new DomainError(
        'unavailable',
        'too-many-streams',
        `There are ${this.limit} open streams, as many as may be.`,
      );
    const controller = new AbortController();
    this.#open.add(controller);
    const end = (): void => controller.abort();
    return { signal: controller.signal, end, [Symbol.dispose]: () => void (end(), this.#open.delete(controller)) };
  }

  failed(error: unknown, correlationId: string): void {
    this.logger.warn('A stream of events broke off', { correlationId }, error);
  }

  close(): void {
    this.#stopping = true;
    for (const controller of this.#open) controller.abort();
  }
}
