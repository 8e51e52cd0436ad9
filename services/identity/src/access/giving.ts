import { givesRights, OPERATOR } from '@rapport/access';
import { type CallContext, DomainError } from '@rapport/kernel';

/**
 * Whoever holds the key of a user, or the link to come in as one, is that user: only the user, and who may give everybody's rights,
 * gets them.
 * @throws DomainError forbidden `not-yours-to-give`
 */
export const requireGiving = ({ principal: { policy } }: CallContext, userId: string): void => {
  if (!policy || policy.owners[0] === userId || givesRights(policy)) return;
  const message = 'This would let you come in as somebody else. Ask an administrator, who may give roles.';
  throw new DomainError('forbidden', 'not-yours-to-give', message);
};

/**
 * A key with roles of its own may have any role, but only an operator makes another operator.
 * @throws DomainError forbidden `not-yours-to-give`, `operator-only`
 */
export const requireGivingRoles = ({ principal }: CallContext, roles: readonly string[]): void => {
  if (principal.policy && !givesRights(principal.policy)) {
    const message =
      'A token may do what any role lets it do, and your roles do not let you give roles. Issue an API key instead.';
    throw new DomainError('forbidden', 'not-yours-to-give', message);
  }
  if (roles.includes(OPERATOR) && !principal.roles.includes(OPERATOR))
    throw new DomainError(
      'forbidden',
      'operator-only',
      'Only an operator may make another operator. Leave out that role, or ask one.',
    );
};
