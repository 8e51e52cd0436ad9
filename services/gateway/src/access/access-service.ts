import { contexts } from '@rapport/contexts';
import type { accessV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';
import type { Credentials } from './credentials.js';
import { requireGivingRights } from './view-as.js';

const SIGHT = 'rapport.access.v1.SightService';
/** What the gateway alone asks contexts. */
const GATEWAY_READS = 'credentials.read';

/** rapport.access.v1.AccessService, served by the gateway itself: it knows who comes. */
export class AccessService {
  constructor(
    private readonly credentials: Credentials,
    private readonly contexts: readonly Context[],
  ) {}

  async getMe(_request: accessV1.GetMeRequest, { principal }: CallContext): Promise<accessV1.Me> {
    const { tenant, actor, roles } = principal;
    // Of this way in: somebody may have come in by several, each with rights of its own.
    const grant = this.credentials.get(tenant, actor.id);
    return {
      tenant,
      actor: { onBehalfOf: undefined, ...actor },
      name: grant?.name ?? '',
      roles: [...roles],
      permissions: [...(principal.permissions ?? grant?.permissions ?? [])],
    };
  }

  /** The context that has the record is asked in the name of the user whose sight it is. */
  async explainAccess(
    { userId, object, id }: accessV1.ExplainAccessRequest,
    { principal, correlationId }: CallContext,
  ): Promise<accessV1.Explanation> {
    requireGivingRights(principal);
    const seenBy = await this.credentials.principalOf(principal.tenant, userId);
    const having = contexts.find(({ aggregates }) => (aggregates as readonly string[]).includes(object));
    const backend = this.contexts.find(({ name }) => name === having?.name)?.backend;
    if (!backend) throw unknownObject(object);
    const call = { principal: { ...seenBy, permissions: [GATEWAY_READS] }, correlationId, answer: {} };
    return (await backend.invoke(SIGHT, 'explainSight', { object, id }, call)) as accessV1.Explanation;
  }
}

const unknownObject = (object: string): DomainError => {
  const known = contexts.flatMap(({ aggregates }) => aggregates).filter((kind) => kind !== 'erasure');
  const message = `There are no records of the kind "${object}"; there are: ${known.join(', ')}.`;
  return new DomainError('not-found', 'unknown-object', message);
};
