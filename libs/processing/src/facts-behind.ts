import type { EventStore } from '@rapport/event-store';
import { DomainError, type Position } from '@rapport/kernel';

/** How far a follower has come, by what was stored before this process began. */
export interface Come {
  readonly follower: string;
  readonly position: Position;
}

/**
 * Refuses facts that end before what was seen of them already: they were lost, or an older copy was put back. What is written
 * next would be taken for what was seen, and so never reach a view, a reaction or another context.
 * @throws DomainError `facts-behind`
 */
export const refuseFactsBehind = async (
  context: string,
  events: Pick<EventStore, 'lacks'>,
  followers: readonly Come[],
): Promise<void> => {
  const [first, ...others] = followers;
  if (first === undefined) return;
  const { follower, position } = others.reduce((one, other) => (other.position > one.position ? other : one), first);
  if (!(await events.lacks(position))) return;
  throw new DomainError(
    'internal',
    'facts-behind',
    `The facts of ${context} end before what ${follower} has seen of them: put back a copy that is as new as everything ` +
      'else, or go on without what is missing by deleting the views of this context and raising RAPPORT_EPOCH by one ' +
      '(docs/operations.md).',
  );
};
