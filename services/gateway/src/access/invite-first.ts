import { identityV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import { callOfGateway } from './call-of-gateway.js';

/** Makes the first user, an administrator, and gives the link with which they choose a password. */
export const inviteFirst = async (identity: Backend, tenant: string): Promise<string> => {
  const ask = async <A>(service: string, method: string, request: object): Promise<A> => {
    const call: CallContext = callOfGateway(tenant, ['administrator']);
    return (await identity.invoke(`rapport.identity.v1.${service}`, method, request, call)) as A;
  };
  const builtIn = typesV1.ListRecordsRequest.fromPartial({ filter: 'builtIn = "administrator"' });
  const { data } = await ask<identityV1.ListRolesResponse>('RolesService', 'listRoles', builtIn);
  const user = identityV1.User.fromPartial({ name: 'Administrator', roleIds: data.map(({ id }) => id) });
  const { id } = await ask<identityV1.User>('UsersService', 'createUser', { user });
  return (await ask<identityV1.SignInLink>('UsersService', 'inviteUser', { id })).url;
};
