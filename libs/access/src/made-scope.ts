import type { Principal } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import { Scope } from '@rapport/read-models/scope';
import { scopeOf } from './scope-of.js';
import { actingPerson } from './shared-scope.js';

/**
 * Of what belongs to whoever made it (`makerId`) and holds what others may not see: imports, with their files. Others see it only
 * where they see all such things, and all of what they are about.
 *
 * @param object what it is called: `import`
 * @param about the kind of record that it is about
 */
export const madeScopeOf = (
  principal: Pick<Principal, 'tenant' | 'actor' | 'policy'>,
  object: string,
  about: string,
): Scope => {
  if ([object, about].every((each) => scopeOf(principal, each).isWhole)) return new Scope(principal.tenant);
  return new Scope(principal.tenant, { rows: where('makerId', '=', actingPerson(principal)) });
};
