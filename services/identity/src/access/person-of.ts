import { type CallContext, DomainError } from '@rapport/kernel';

/** Who has signed in. A key that got into wrong hands must not change how its owner signs in. */
export const personOf = ({ principal: { actor } }: CallContext): string => {
  if (actor.kind === 'user') return actor.id;
  throw new DomainError('forbidden', 'people-only', 'Sign in yourself to see or change this; a key cannot.');
};
