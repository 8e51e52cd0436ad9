import type { Action, Principal } from '@rapport/kernel';
import { Scope } from '@rapport/read-models/scope';
import { hiddenFields, lockedFields, ownedObjects, reachOf, rowsWithin } from './reach.js';

/**
 * Of which things of one kind a caller may do something: see them, when nothing else is said. `object` is the aggregate's name, or
 * what a list that follows from several is called: `contact`, `parkedEvent`. A caller without a policy may do it with
 * everything of the own tenant; what such a caller may call at all is said by permissions.
 * @throws DomainError invalid `bad-tenant`
 */
export type ScopeOf = (
  principal: Pick<Principal, 'tenant' | 'policy'> & Partial<Pick<Principal, 'actor'>>,
  object: string,
  action?: Action,
) => Scope;

export const scopeOf: ScopeOf = ({ tenant, policy }, object, action = 'read') => {
  if (!policy) return new Scope(tenant);
  const rows = rowsWithin(policy, object, action);
  return new Scope(tenant, { ...(rows && { rows }), hidden: hiddenFields(policy, object) });
};

/** Fields of records of one kind that a caller may not change. */
export const lockedFor = ({ policy }: Pick<Principal, 'policy'>, object: string): readonly string[] =>
  policy ? lockedFields(policy, object) : NONE;

/** Whether a caller may do something with anything at all of a kind. */
export const reaches = ({ policy }: Pick<Principal, 'policy'>, object: string, action: Action): boolean => {
  const reach = policy ? reachOf(policy, object, action) : 'all';
  return reach === 'all' || (reach !== 'none' && ownedObjects.has(object));
};

const NONE: readonly string[] = Object.freeze([]);

/**
 * All of a tenant, for Rapport's own work: projections, erasure, reactions. Never for an answer to a caller.
 * @throws DomainError invalid `bad-tenant`
 */
export const everythingOf = (tenant: string): Scope => new Scope(tenant);
