import type { Principal } from '@rapport/kernel';
import { Scope } from '@rapport/read-models/scope';

/**
 * What a caller may see of one kind of thing. `object` is the aggregate's name, or what a list that follows from several
 * is called: `contact`, `parkedEvent`. There is one policy yet, "all": everything of the caller's own tenant.
 * @throws DomainError invalid `bad-tenant`
 */
export type ScopeOf = (principal: Principal, object: string) => Scope;

export const scopeOf: ScopeOf = ({ tenant }) => new Scope(tenant);

/**
 * All of a tenant, for Rapport's own work: projections, imports, reactions. Never for an answer to a caller.
 * @throws DomainError invalid `bad-tenant`
 */
export const everythingOf = (tenant: string): Scope => new Scope(tenant);
