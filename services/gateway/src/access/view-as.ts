import { givesRights, requirePermission } from '@rapport/access';
import { DomainError, type Principal } from '@rapport/kernel';
import type { FastifyRequest } from 'fastify';
import type { DoorNotes } from '../audit/door-notes.js';
import type { Credentials } from './credentials.js';
import { Grant } from './grant.js';

const HEADER = 'rapport-view-as';
const READING = new Set(['GET', 'HEAD']);

/** What an administrator comes in with, and sees by as somebody else would. Good for as long as the administrator's own. */
export class ViewGrant extends Grant {
  constructor(
    private readonly own: Grant,
    seenBy: Principal,
  ) {
    const permissions = new Set(seenBy.permissions);
    super({ id: own.id, name: own.name, permissions, principal: { ...seenBy, actor: own.principal.actor } });
  }

  override get ended(): AbortSignal {
    return this.own.ended;
  }

  override isValid(now: number): boolean {
    return this.own.isValid(now);
  }
}

/** "View as user": reads, with the rights of somebody else, for whoever may say what everybody's rights are. */
export class ViewAs {
  constructor(
    private readonly credentials: Credentials,
    private readonly notes: DoorNotes,
  ) {}

  /** Undefined where nobody asked for it. @throws DomainError for who may not, and for anything but a read */
  enter(request: FastifyRequest): Promise<void> | undefined {
    const userId = request.headers[HEADER];
    return userId === undefined ? undefined : this.#enter(request, String(userId));
  }

  async #enter(request: FastifyRequest, userId: string): Promise<void> {
    const own = request.exchange.grant!;
    requireGivingRights(own.principal);
    if (!READING.has(request.method))
      throw refused(
        'view-as-reads',
        'Whoever looks as somebody else only reads. Leave out Rapport-View-As to change something.',
      );
    if (!UUID.test(userId))
      throw refused('malformed-view-as', 'Rapport-View-As takes the id of a user, as GET /v1/users lists them.');
    const seenBy = await this.credentials.principalOf(own.principal.tenant, userId);
    await this.notes.viewedAs(request, userId);
    request.exchange.grant = new ViewGrant(own, seenBy);
  }
}

/** Who may say what roles say may see what they come to. @throws DomainError forbidden */
export const requireGivingRights = (principal: Principal): void => {
  requirePermission(principal, 'identity.write');
  if (!principal.policy || givesRights(principal.policy)) return;
  const message = 'Only somebody who may say what every role says may look at what others see.';
  throw new DomainError('forbidden', 'not-yours-to-look-at', message);
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const refused = (code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer: '', code, message }] });
