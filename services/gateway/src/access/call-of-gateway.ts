import { GATEWAY } from '@rapport/access';
import { type CallContext, newId } from '@rapport/kernel';

/** What the gateway asks for itself, in a tenant. */
export const callOfGateway = (
  tenant: string,
  roles: readonly string[] = [GATEWAY],
  correlationId: string = newId(),
): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: 'gateway' }, roles },
  correlationId,
  answer: {},
});
