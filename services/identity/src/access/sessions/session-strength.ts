import { SELF } from '@rapport/access';
import type { Session } from '../../domain/session/session.js';
import type { TenantFields } from '../../domain/tenant/tenant.js';
import type { Rights } from '../rights.js';

const ADMINISTRATOR = 'administrator';

/** Whether the organisation wants more than a password of somebody with these roles. */
export const isDemanded = ({ secondFactor }: TenantFields, { roles }: Pick<Rights, 'roles'>): boolean =>
  secondFactor === 'everybody' || (secondFactor === 'administrators' && roles.includes(ADMINISTRATOR));

/**
 * Who has come in with a password alone where more is wanted may look after the own ways in, and nothing else: it is how one comes to
 * have a second factor.
 */
export const within = (rights: Rights, { strong }: Pick<Session, 'strong'>, settings: TenantFields): Rights => {
  if (strong || !isDemanded(settings, rights)) return rights;
  const { name, policy } = rights;
  return { name, roles: [], permissions: [SELF], ...(policy && { policy: { ...policy, roles: [] } }) };
};
