import type { auditV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';
import type { Logger } from '@rapport/observability';
import type { Backend } from '@rapport/service-kit';
import type { FastifyRequest } from 'fastify';
import { OncePerMinute } from './once-per-minute.js';
import { callOfGateway } from '../access/call-of-gateway.js';

const AUDIT = 'rapport.audit.v1.AuditService';
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=$|:)/;

/** Of the record that a path names, before a verb. */
const recordIn = ({ params }: FastifyRequest): string =>
  ID.exec((params as { readonly id?: string }).id ?? '')?.[0] ?? '';

/** What the door adds to the audit trail, which identity keeps: whom it refused, and who took data along. */
export class DoorNotes {
  readonly #noted: OncePerMinute;

  constructor(
    private readonly identity: Backend | undefined,
    private readonly logger: Logger,
    ticks?: () => number,
  ) {
    this.#noted = new OncePerMinute(ticks);
  }

  /** Before the answer. Whoever keeps the trail may be away: then the log tells it, and the answer stays what it is. */
  async refused(request: FastifyRequest, failure: unknown): Promise<void> {
    const actor = request.exchange.grant?.principal.actor;
    if (!actor || !(failure instanceof DomainError) || failure.kind !== 'forbidden') return;
    const { code } = failure;
    if (!this.#noted.isNew(`${actor.kind} ${actor.id} ${request.exchange.called} ${code}`)) return;
    try {
      await this.#note(request, { deed: 'refused', code });
    } catch (error) {
      this.logger.warn(
        'A refusal could not be noted in the audit trail',
        { actor: actor.id, method: request.exchange.called, code },
        error,
      );
    }
  }

  /** Before the first byte. @throws DomainError where it cannot be noted: then nothing is given */
  async takenAlong(request: FastifyRequest): Promise<void> {
    await this.#note(request, { deed: 'taken-along', code: '' });
  }

  /** Before the first byte, as that somebody has looked as another user does; the code says so and names that user. */
  async viewedAs(request: FastifyRequest, userId: string): Promise<void> {
    await this.#note(request, { deed: 'taken-along', code: `viewed-as ${userId}` });
  }

  async #note(request: FastifyRequest, seen: Pick<auditV1.NoteRequest, 'deed' | 'code'>): Promise<void> {
    if (!this.identity?.services.has(AUDIT)) return;
    const { grant, correlationId, called: method } = request.exchange;
    const { tenant, actor } = grant!.principal;
    const noted = { ...seen, method, actor, address: request.ip, recordId: recordIn(request) };
    await this.identity.invoke(AUDIT, 'note', noted, callOfGateway(tenant, undefined, correlationId));
  }
}
