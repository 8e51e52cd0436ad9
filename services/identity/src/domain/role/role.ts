import {
  type FieldRule,
  needsName,
  recordDecider,
  type RecordEvent,
  type RecordState,
  reject,
  sameValue,
} from '@rapport/kernel';

/** What somebody may do; the names are the contract's. */
export interface RoleFields {
  readonly name: string;
  readonly description?: string;
  readonly grants?: readonly Grant[];
  readonly fields?: readonly FieldGrant[];
  /** Of those that every tenant begins with. Nobody can say so but Rapport. */
  readonly builtIn?: string;
  /** The version of the definition that a built-in role follows; the first where it is not said. */
  readonly builtInVersion?: number;
  /** There is a newer one, which it does not follow, because somebody has changed what it says. */
  readonly behind?: boolean;
}

/** May do something with records of one kind. */
export interface Grant {
  readonly object: string;
  readonly action: string;
  readonly scope: string;
}

/** What may be done with one field of records of one kind. */
export interface FieldGrant {
  readonly object: string;
  readonly field: string;
  readonly access: string;
}

/** RoleCreated, RoleEdited, RoleArchived, RoleRestored, RoleChangeUndone. */
export type RoleEvent = RecordEvent<'Role', RoleFields>;

export type RoleState = RecordState<RoleFields>;

/** The role that somebody must always have. */
export const ADMINISTRATOR = 'administrator';

const named = needsName('A role');

/** Nobody locks everybody out: what administrators may do stays. A copy of it is like any other role. */
const kept: FieldRule<RoleFields> = (fields, before) => {
  if (before?.builtIn !== ADMINISTRATOR) return undefined;
  const isKept = sameValue(fields.grants, before.grants) && sameValue(fields.fields, before.fields);
  if (isKept && !('archived' in fields && fields.archived)) return undefined;
  const message = "An administrator's role stays as it is, so that nobody is locked out. Copy it, and change the copy.";
  return reject('conflict', 'role-kept', message, '/grants');
};

const record = recordDecider<'Role', RoleFields>(
  'role',
  'Role',
  (fields, before) => named(fields, before) ?? saidOnce(fields) ?? kept(fields, before),
);

/** One answer to each question: what is granted twice in different ways would be a riddle to people. */
const saidOnce = ({ grants = [], fields = [] }: RoleFields) => {
  const grant = firstRepeated(grants.map(({ object, action }) => `${object}, ${action}`));
  if (grant >= 0) return repeated(`grants/${grant}`, 'object and action');
  const field = firstRepeated(fields.map(({ object, field: name }) => `${object}, ${name}`));
  return field >= 0 ? repeated(`fields/${field}`, 'field') : undefined;
};

const firstRepeated = (names: readonly string[]): number => names.findIndex((name, n) => names.indexOf(name) < n);

const repeated = (place: string, what: string) =>
  reject('invalid', 'granted-twice', `This ${what} stands in the list before. Keep one of the two.`, `/${place}`);

/** What somebody may do: a plain record with a name. The administrator's cannot be taken away. */
export const role: typeof record = {
  ...record,
  decide: {
    ...record.decide,
    archive: (state, command, at) =>
      (state && kept({ ...state, archived: true } as RoleFields, state)) ?? record.decide.archive(state, command, at),
  },
};
