import { type FieldPatch, fold, type RecordedEvent, sameValue } from '@rapport/kernel';
import { type FieldGrant, type Grant, role, type RoleEvent, type RoleFields, type RoleState } from './role.js';

/** What Rapport says of a role that every tenant begins with. */
export interface BuiltInDefinition {
  readonly version: number;
  readonly description: string;
  readonly grants: readonly Grant[];
  readonly fields: readonly FieldGrant[];
}

/**
 * Brings a built-in role to a newer definition, as long as nobody has changed what it says: then it is the tenant's own, and is told
 * to be behind, once. Its name is the tenant's in any case, and so is a description that was changed.
 *
 * @param isOurs whether Rapport itself has done something
 */
export const followBuiltIn = (
  state: RoleState,
  { version, description, grants, fields }: BuiltInDefinition,
  history: readonly RecordedEvent[],
  isOurs: (event: RecordedEvent) => boolean,
): readonly RoleEvent[] => {
  if (!state || (state.builtInVersion ?? 1) >= version) return [];
  const given = fold(role, history.filter(isOurs) as unknown as readonly RoleEvent[]);
  const isAsGiven = (['grants', 'fields'] as const).every((name) => sameValue(state[name] ?? [], given?.[name] ?? []));
  if (!isAsGiven) return state.behind ? [] : [edited({ behind: true })];
  const set: FieldPatch<RoleFields> = {
    grants,
    ...(sameValue(state.fields ?? [], fields) ? {} : { fields: fields.length > 0 ? fields : null }),
    ...(state.description === given?.description && { description }),
    ...(state.behind && { behind: null }),
    builtInVersion: version,
  };
  return [edited(set)];
};

/** Not by an edit: nobody may change what an administrator's role says, but Rapport. */
const edited = (set: FieldPatch<RoleFields>): RoleEvent => ({ type: 'RoleEdited', data: { set } });
