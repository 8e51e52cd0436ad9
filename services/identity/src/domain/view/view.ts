import { needsName, recordDecider, type RecordEvent, type RecordState, reject } from '@rapport/kernel';

/** A list as somebody likes to see it; the names are the contract's. */
export interface ViewFields {
  readonly name: string;
  readonly object: string;
  readonly filter?: string;
  readonly sort?: string;
  readonly columns?: readonly string[];
  /** Nobody when absent. */
  readonly sharedWith?: string;
  readonly teamId?: string;
  readonly isDefault?: boolean;
  readonly ownerId: string;
}

/** ViewCreated, ViewEdited, ViewArchived, ViewRestored. */
export type ViewEvent = RecordEvent<'View', ViewFields>;

export type ViewState = RecordState<ViewFields>;

const named = needsName('A view');

/** A team stands there exactly where the view is shared with one: it is what others see it by. */
export const view = recordDecider<'View', ViewFields>('view', 'View', (fields, before) => {
  const isOfTeam = fields.sharedWith === 'team';
  if (isOfTeam === (fields.teamId !== undefined)) return named(fields, before);
  const message = isOfTeam
    ? 'A view that is shared with a team names the team. Give teamId.'
    : 'Only a view that is shared with a team names one. Set sharedWith to "team", or leave teamId out.';
  return reject('invalid', 'team-and-sharing', message, '/teamId');
});
