import type { Principal } from '@rapport/kernel';
import { or, where } from '@rapport/read-models';
import { Scope } from '@rapport/read-models/scope';
import type { ScopeOf } from './scope-of.js';

/** Who stands behind a call: the user, whose key it is, or a key that is nobody's. */
export const actingPerson = ({ actor, policy }: Pick<Principal, 'actor' | 'policy'>): string =>
  policy?.owners[0] ?? actor.onBehalfOf ?? actor.id;

/**
 * Of what everybody has for themselves, whatever roles say (`ownerId`), and may share (`sharedWith`, `teamId`): its owner does with
 * it as they like, and others see it where it is shared with them.
 */
export const sharedScopeOf: ScopeOf = (principal, _object, action = 'read') => {
  const { tenant, policy, actor } = principal;
  const person = actor ? actingPerson({ actor, ...(policy && { policy }) }) : (policy?.owners[0] ?? '');
  const own = where('ownerId', '=', person);
  if (action !== 'read') return new Scope(tenant, { rows: own });
  const teams = (policy?.teams ?? []).map((id) => where('teamId', '=', id));
  return new Scope(tenant, { rows: or(own, where('sharedWith', '=', 'everybody'), ...teams) });
};
