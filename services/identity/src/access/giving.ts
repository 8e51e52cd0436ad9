import { givesRights } from '@rapport/access';
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
