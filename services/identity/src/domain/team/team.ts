import { needsName, recordDecider, type RecordEvent, type RecordState } from '@rapport/kernel';

/** People who work together; the names are the contract's. */
export interface TeamFields {
  readonly name: string;
  readonly parentId?: string;
  readonly managerId?: string;
  readonly region?: string;
  readonly externalId?: string;
  /** Of everybody in the team. */
  readonly roleIds?: readonly string[];
  /** A directory keeps it. */
  readonly provisioned?: boolean;
}

/** TeamCreated, TeamEdited, TeamArchived, TeamRestored, TeamChangeUndone. */
export type TeamEvent = RecordEvent<'Team', TeamFields>;

export type TeamState = RecordState<TeamFields>;

/** That no team stands under itself is asked of the events of all: see `refersTo` of its record. */
export const team = recordDecider<'Team', TeamFields>('team', 'Team', needsName('A team'));
