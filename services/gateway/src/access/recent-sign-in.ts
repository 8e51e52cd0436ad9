import { type Clock, DomainError } from '@rapport/kernel';
import type { Grant } from './grant.js';

const RECENT_MILLISECONDS = 15 * 60_000;

/**
 * Whoever finds an open browser must not come in for good: what says how somebody comes in asks for a sign-in of the last quarter of an
 * hour. Keys do not sign in.
 * @throws DomainError forbidden `sign-in-again`
 */
export const requireRecent = ({ signedInAt }: Pick<Grant, 'signedInAt'>, clock: Clock): void => {
  if (signedInAt === undefined || clock.now().getTime() - signedInAt < RECENT_MILLISECONDS) return;
  const message = 'This asks for a sign-in of the last quarter of an hour. Sign in again, and repeat it.';
  throw new DomainError('forbidden', 'sign-in-again', message);
};
