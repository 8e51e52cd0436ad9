import { Api, type Fields } from './api.js';

/** What a role says, and what else there is to say of a user. */
export interface Asked {
  readonly role: { readonly grants: readonly object[]; readonly fields?: readonly object[] };
  readonly user?: { readonly teamIds?: readonly string[]; readonly roleIds?: readonly string[] };
}

/** A client of a user with some rights alone, beside the administrator's, and who that is. */
export interface Somebody {
  readonly api: Api;
  readonly id: string;
  readonly roleId: string;
}

export const grant = (object: string, action: string, scope: string) => ({ object, action, scope });

export const somebody = async (administrator: Api, { role, user = {} }: Asked): Promise<Somebody> => {
  const make = async (list: string, fields: object): Promise<string> =>
    (await administrator.post<Fields>(`/v1/${list}`, fields)).id;
  const roleId = await make('roles', { name: 'Of a test', ...role });
  const roleIds = [roleId, ...(user.roleIds ?? [])];
  const id = await make('users', { name: 'Somebody', kind: 'service', ...user, roleIds });
  const { secret } = await administrator.post('/v1/api-keys', { name: 'Key', userId: id });
  return { api: new Api(administrator.address, secret as string, administrator), id, roleId };
};
