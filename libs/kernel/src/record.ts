import type { Circumstances, Decider, Decision, Rejection } from './decider.js';
import { reject } from './decider.js';
import { type EventCatalogue, UNCHANGED } from './event-catalogue.js';
import type { DomainEvent } from './event.js';
import { isVisible } from './text.js';

/** A change of some fields: the new values, null where a field was emptied. */
export type FieldPatch<Fields> = { readonly [F in keyof Fields]?: Fields[F] | null };

/** The vocabulary of a plain record, as `RecordEvent<'Account', AccountFields>` → `AccountCreated`, `AccountEdited` … */
export type RecordEvent<Name extends string, Fields extends object> =
  | DomainEvent<`${Name}Created`, Fields>
  | DomainEvent<`${Name}Edited`, { readonly set: FieldPatch<Fields> }>
  | DomainEvent<`${Name}Archived`, Record<string, never>>
  | DomainEvent<`${Name}Restored`, Record<string, never>>
  | DomainEvent<`${Name}ChangeUndone`, ChangeUndone<Fields & RecordStatus>>;

/** An earlier change was taken back: what the record's state becomes where they differ. */
export interface ChangeUndone<State> {
  readonly undone: { readonly eventId: string; readonly type: string; readonly revision: number };
  readonly set: FieldPatch<State>;
}

export interface RecordStatus {
  readonly archived: boolean;
}

/** null before its creation. */
export type RecordState<Fields extends object> = (Fields & RecordStatus) | null;

/** Commands of a plain record. Undo is shared by all aggregates, see {@link Decider}'s `undo` in `undo.ts`. */
export interface RecordCommands<Fields extends object> {
  create: Fields;
  edit: { readonly set: FieldPatch<Fields> };
  archive: Record<string, never>;
  restore: Record<string, never>;
}

/** The state with a patch applied: null removes a field. Returns a new object; the given one stays as it is. */
export const patched = <State extends object>(state: State, patch: FieldPatch<State>): State => {
  const next = { ...state } as Record<string, unknown>;
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete next[field];
    else next[field] = value;
  }
  return next as State;
};

/** The part of a patch that would change something; empty when nothing would. */
export const effective = <State extends object>(state: State, patch: FieldPatch<State>): FieldPatch<State> => {
  const change: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(patch)) {
    const present = (state as Record<string, unknown>)[field];
    if (!sameValue(present ?? null, value)) change[field] = value;
  }
  return change as FieldPatch<State>;
};

/** Equality of JSON values; the order of an object's keys does not count. */
export const sameValue = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => sameValue((left as never)[key], (right as never)[key]));
};

/**
 * A check of the fields a record would have; a rejection keeps it from getting them. `before` is what it had, null when it
 * is new: what was taken under an older rule and does not change now need not be judged.
 */
export type FieldRule<Fields extends object> = (fields: Fields, before: Fields | null) => Decision<never> | undefined;

/** The rule of a record that has a name. `noun` begins the sentence: "An account". */
export const needsName =
  (noun: string) =>
  ({ name }: Named, before: Named | null): Rejection | undefined =>
    isVisible(name) || (before !== null && before.name === name)
      ? undefined
      : reject('invalid', 'name-missing', `${noun} needs a name that can be seen.`, '/name');

interface Named {
  readonly name: string;
}

/** The catalogue of a plain record; `changed` has those events that have more than one version. */
export const recordEvents = <Name extends string>(
  name: Name,
  changed: Partial<EventCatalogue<RecordEvent<Name, object>>> = {},
): EventCatalogue<RecordEvent<Name, object>> => {
  const facts = ['Created', 'Edited', 'Archived', 'Restored', 'ChangeUndone'];
  const unchanged = Object.fromEntries(facts.map((fact) => [`${name}${fact}`, UNCHANGED]));
  return { ...unchanged, ...changed } as EventCatalogue<RecordEvent<Name, object>>;
};

/**
 * The decider of a plain record: created, edited field by field, archived, restored, changes undone. Editing to what is
 * there already gives no event.
 */
export const recordDecider = <Name extends string, Fields extends object>(
  aggregate: string,
  name: Name,
  rule: FieldRule<Fields> = () => undefined,
  changed: Partial<EventCatalogue<RecordEvent<Name, object>>> = {},
): Decider<RecordState<Fields>, RecordEvent<Name, Fields>, RecordCommands<Fields>> => {
  type State = RecordState<Fields>;
  type Event = RecordEvent<Name, Fields>;
  const happened = (fact: string, data: object): Event => ({ type: `${name}${fact}`, data }) as Event;
  return {
    aggregate,
    events: recordEvents(name, changed),
    initialState: null,
    evolve: (state, event) => evolveRecord<Fields>(state, event, name.length),
    sound: rule,
    decide: {
      create: (state, fields) => {
        if (state)
          return reject('already-exists', `${aggregate}-exists`, `There is already ${an(aggregate)} with this id.`);
        return rule(fields, null) ?? [happened('Created', fields)];
      },
      edit: (state, { set }, circumstances) => {
        if (!state) return missing(aggregate, circumstances);
        if (state.archived) return archivedFirst(aggregate);
        const change = effective<Fields>(state, set);
        if (Object.keys(change).length === 0) return [];
        return rule(patched<Fields>(state, change), state) ?? [happened('Edited', { set: change })];
      },
      archive: (state, _, circumstances) => {
        if (!state) return missing(aggregate, circumstances);
        return state.archived ? [] : [happened('Archived', {})];
      },
      restore: (state: State, _, circumstances) => {
        if (!state) return missing(aggregate, circumstances);
        return state.archived ? [happened('Restored', {})] : [];
      },
    },
  };
};

/** `skip` is the length of the event's subject: what is left of the type is the fact. */
const evolveRecord = <Fields extends object>(
  state: RecordState<Fields>,
  event: DomainEvent,
  skip: number,
): RecordState<Fields> => {
  switch (event.type.slice(skip)) {
    case 'Created':
      return { ...(event.data as Fields), archived: false };
    case 'Edited':
      return state && patched(state, (event.data as { set: FieldPatch<Fields & RecordStatus> }).set);
    case 'Archived':
      return state && { ...state, archived: true };
    case 'Restored':
      return state && { ...state, archived: false };
    case 'ChangeUndone':
      return state && patched(state, (event.data as ChangeUndone<Fields & RecordStatus>).set);
    default:
      return state;
  }
};

export const missing = (aggregate: string, { id }: Circumstances): Decision<never> =>
  reject('not-found', `${aggregate}-not-found`, `There is no ${aggregate} ${id}. Check the id, or list them.`);

export const archivedFirst = (aggregate: string): Decision<never> =>
  reject('conflict', `${aggregate}-archived`, `This ${aggregate} is archived. Restore it before changing it.`);

const an = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
