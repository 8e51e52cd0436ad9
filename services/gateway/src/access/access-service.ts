import type { accessV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Credentials } from './credentials.js';

/** rapport.access.v1.AccessService, served by the gateway itself: it knows who comes. */
export class AccessService {
  constructor(private readonly credentials: Credentials) {}

  async getMe(_request: accessV1.GetMeRequest, { principal }: CallContext): Promise<accessV1.Me> {
    const { tenant, actor, roles } = principal;
    const grant = this.credentials.get(tenant, actor.id);
    return {
      tenant,
      actor: { onBehalfOf: undefined, ...actor },
      name: grant?.name ?? '',
      roles: [...roles],
      permissions: [...(grant?.permissions ?? [])],
    };
  }
}
