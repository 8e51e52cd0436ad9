import { DomainError } from './domain-error.js';

/** Tenants have no hyphen, so that the parts of a stream's name can be told apart. */
const TENANT = /^[a-z0-9_]{1,40}$/;

/** Asks for a string first: a regular expression takes `undefined` for the text "undefined". */
export const isTenant = (tenant: unknown): tenant is string => typeof tenant === 'string' && TENANT.test(tenant);

/** The tenant itself. @throws DomainError invalid `bad-tenant` */
export const checkTenant = (tenant: string): string => {
  if (isTenant(tenant)) return tenant;
  throw new DomainError(
    'invalid',
    'bad-tenant',
    `"${String(tenant)}" is no tenant name: use 1 to 40 of a-z, 0-9 and _.`,
  );
};
