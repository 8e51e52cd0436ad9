import {
  type Circumstances,
  type Decide,
  type Decider,
  type Decision,
  isRejection,
  reject,
  type Rejection,
} from './decider.js';
import { UNCHANGED } from './event-catalogue.js';
import type { DomainEvent } from './event.js';
import type { MergeChoices, RelationChoices, SplitChoices } from './merge.js';
import { archivedFirst, type FieldPatch, missing, patched, type RecordStatus, sameValue } from './record.js';

/**
 * That two records are one is said by an event of each. The one that goes says it first, and can be changed no more from then on;
 * the survivor takes it in by another. They are split in the other order.
 */
export type MergeEvent<Name extends string, Fields extends object> =
  | DomainEvent<`${Name}MergedInto`, { readonly survivorId: string } & MergeChoices>
  | DomainEvent<`${Name}Merged`, TakenIn<Fields>>
  | DomainEvent<`${Name}Unmerged`, LetGo<Fields>>
  | DomainEvent<`${Name}SplitOff`, { readonly survivorId: string; readonly set: FieldPatch<Fields> }>;

export interface TakenIn<Fields extends object = object> {
  readonly otherId: string;
  /** Records that were merged into the other one before. */
  readonly furtherIds?: readonly string[];
  readonly set: FieldPatch<Fields>;
}

export interface LetGo<Fields extends object = object> {
  readonly otherId: string;
  readonly set: FieldPatch<Fields>;
  /** Where somebody wanted changes since to go. */
  readonly choices?: SplitChoices;
  /** Where somebody wanted records to go that came since: `activity/<id>`. */
  readonly relations?: RelationChoices;
}

export interface MergeStatus {
  /** The record that this one is a part of now. */
  readonly mergedInto?: string;
  /** Every record that is a part of this one. */
  readonly mergedIds?: readonly string[];
  /** How these came to it, latest last. */
  readonly merges?: readonly Taken[];
}

interface Taken {
  readonly otherId: string;
  readonly ids: readonly string[];
}

export interface MergeCommands<Fields extends object> {
  mergeInto: { readonly survivorId: string } & MergeChoices;
  takeIn: TakenIn<Fields>;
  letGo: LetGo<Fields>;
  splitOff: { readonly survivorId: string; readonly set: FieldPatch<Fields> };
}

type Mergeable = (RecordStatus & MergeStatus & object) | null;

/**
 * The decider of a record of which two may turn out to be one.
 * @param kept of a record about a person, the fields that are not personal
 */
export const mergeable = <
  Name extends string,
  State extends (RecordStatus & object) | null,
  E extends DomainEvent,
  Commands extends { create: object },
>(
  name: Name,
  record: Decider<State, E, Commands>,
  kept?: readonly (keyof Commands['create'] & string)[],
): Decider<
  MergedState<State>,
  E | MergeEvent<Name, Commands['create']>,
  Commands & MergeCommands<Commands['create']>
> => {
  type Merged = MergedState<State>;
  const decide = Object.fromEntries(
    Object.entries<Decide<State, never, E>>(record.decide).map(([command, decided]) => [
      command,
      (state: Merged, asked: never, at: Circumstances): Decision<E> =>
        elsewhere(record.aggregate, state) ?? underEveryId(name, state, decided(state as State, asked, at)),
    ]),
  );
  const facts = ['MergedInto', 'Merged', 'Unmerged', 'SplitOff'].map((fact) => [`${name}${fact}`, UNCHANGED]);
  return {
    ...(record as object),
    aggregate: record.aggregate,
    events: { ...record.events, ...Object.fromEntries(facts) } as never,
    initialState: null,
    evolve: (state, event) => evolve(state, event, { name, record, kept }) as Merged,
    final: (state) => elsewhere(record.aggregate, state) ?? record.final?.(state as State),
    sound: (fields, before) => bySplittingOnly(fields, before) ?? record.sound?.(fields as never, before as never),
    decide: { ...decide, ...merging(name, record as unknown as AnyRecord) } as never,
  };
};

export type MergedState<State> = (NonNullable<State> & MergeStatus) | null;

type AnyRecord = Decider<Mergeable, DomainEvent, object>;

/** Whoever is forgotten is forgotten as every record that is a part of this one, too. */
const underEveryId = <E extends DomainEvent>(
  name: string,
  state: MergeStatus | null,
  decided: Decision<E>,
): Decision<E> => {
  const furtherIds = state?.mergedIds;
  if (!furtherIds || isRejection(decided)) return decided;
  return decided.map((event) =>
    event.type === `${name}Erased` ? { ...event, data: { ...event.data, furtherIds } } : event,
  );
};

const merging = (
  name: string,
  { aggregate, final, sound }: AnyRecord,
): { readonly [C in keyof MergeCommands<object>]: Decide<Mergeable, MergeCommands<object>[C], DomainEvent> } => {
  const happened = (fact: string, data: object): DomainEvent => ({ type: `${name}${fact}`, data });
  /** What keeps a record from being one of two. */
  const apart = (state: Mergeable, at: Circumstances): Decision<never> | undefined =>
    !state
      ? missing(aggregate, at)
      : (elsewhere(aggregate, state) ?? final?.(state) ?? (state.archived ? archivedFirst(aggregate) : undefined));
  return {
    mergeInto: (state, { survivorId, taken, kept, set }, at) => {
      if (survivorId === at.id) return oneRecord(aggregate);
      const choices = { ...(taken?.length && { taken }), ...(kept?.length && { kept }), ...(set && { set }) };
      return apart(state, at) ?? onHold(aggregate, state) ?? [happened('MergedInto', { survivorId, ...choices })];
    },
    takeIn: (state, { otherId, furtherIds = [], set }, at) =>
      apart(state, at) ??
      onHold(aggregate, state) ??
      sound?.(patched(state!, set as never), state) ?? [
        happened('Merged', { otherId, ...(furtherIds.length > 0 && { furtherIds }), set }),
      ],
    letGo: (state, { otherId, set, choices, relations }, at) => {
      const refused = apart(state, at) ?? onHold(aggregate, state) ?? notLast(aggregate, state!, otherId);
      if (refused) return refused;
      const said = { ...(isSaid(choices) && { choices }), ...(isSaid(relations) && { relations }) };
      return sound?.(patched(state!, set as never), state) ?? [happened('Unmerged', { otherId, set, ...said })];
    },
    splitOff: (state, { survivorId, set }) =>
      state?.mergedInto === survivorId ? [happened('SplitOff', { survivorId, set })] : [],
  };
};

/** What merges and splits say of a record beside its fields, `fact` being `MergedInto`, `Merged`, `Unmerged` or `SplitOff`. */
export const mergeStatus = (
  { mergedInto, merges }: MergeStatus,
  fact: string,
  { survivorId, otherId = '', furtherIds = [] }: Partial<TakenIn & { readonly survivorId: string }>,
): MergeStatus => {
  switch (fact) {
    case 'MergedInto':
      return { ...(survivorId !== undefined && { mergedInto: survivorId }), ...taken(merges) };
    case 'SplitOff':
      return taken(merges);
    case 'Merged':
      return taken([...(merges ?? []), { otherId, ids: [otherId, ...furtherIds] }]);
    case 'Unmerged':
      return taken(merges?.filter((each) => each.otherId !== otherId));
    default:
      return { ...(mergedInto !== undefined && { mergedInto }), ...taken(merges) };
  }
};

const isSaid = (choices: object | undefined): boolean => choices !== undefined && Object.keys(choices).length > 0;

const evolve = (state: Mergeable, event: DomainEvent, { name, record, kept }: Evolving): object | null => {
  const { mergedInto: _, mergedIds: __, merges: ___, ...rest } = state ?? ({} as NonNullable<Mergeable>);
  const fact = event.type.slice(name.length);
  const status = mergeStatus({ ...state }, fact, event.data);
  const { set = {} } = event.data as { readonly set?: FieldPatch<object> };
  switch (fact) {
    case 'MergedInto':
      return state && { ...putAside(rest, kept), archived: true, ...status };
    case 'SplitOff':
      return state && { ...patched(putBack(rest), set), archived: false, ...status };
    case 'Merged':
    case 'Unmerged':
      return state && { ...patched(rest, set), ...status };
    default: {
      if (state === null) return record.evolve(null as never, event as never);
      const next = record.evolve(rest as never, event as never);
      return next && { ...next, ...status };
    }
  }
};

interface Evolving {
  readonly name: string;
  readonly record: { evolve(state: never, event: never): object | null };
  readonly kept: readonly string[] | undefined;
}

/** What is said about a person is said in one place: as long as a record is a part of another, no list finds it by that. */
const putAside = (state: object, kept: readonly string[] | undefined): object => {
  if (!kept) return state;
  const isShown = ([field]: readonly [string, unknown]): boolean => kept.includes(field);
  const entries = Object.entries(state);
  const aside = Object.fromEntries(entries.filter((entry) => !isShown(entry) && entry[0] !== 'archived'));
  return { ...Object.fromEntries(entries.filter(isShown)), aside };
};

const putBack = (state: object): object => {
  const { aside, ...shown } = state as { readonly aside?: object };
  return { ...shown, ...aside };
};

const taken = (merges: readonly Taken[] = []): MergeStatus =>
  merges.length === 0 ? {} : { merges, mergedIds: merges.flatMap(({ ids }) => ids) };

/** It is read only, and says where it went. */
const elsewhere = (aggregate: string, state: MergeStatus | null): Rejection | undefined =>
  state?.mergedInto === undefined
    ? undefined
    : reject(
        'conflict',
        'merged',
        `This ${aggregate} was merged into ${state.mergedInto}. Change that one, or split them first.`,
      );

const oneRecord = (aggregate: string): Rejection =>
  reject('invalid', 'one-record', `A ${aggregate} cannot be merged with itself. Name two of them.`, '/otherId');

const onHold = (aggregate: string, state: object | null): Rejection | undefined =>
  (state as { readonly hold?: string } | null)?.hold === undefined
    ? undefined
    : reject(
        'conflict',
        'on-hold',
        `This ${aggregate} is on legal hold: it stays what it is, and is neither merged nor split. Lift the hold first, if its reason is gone.`,
      );

const notLast = (aggregate: string, { merges = [] }: MergeStatus, otherId: string): Rejection | undefined => {
  if (merges.at(-1)?.otherId === otherId) return undefined;
  const later = merges.at(-1)?.otherId;
  return merges.some((each) => each.otherId === otherId)
    ? reject(
        'conflict',
        'merged-again-later',
        `The ${aggregate} ${later} was merged into this one later. Split that one off first.`,
        '/otherId',
      )
    : reject('not-found', 'not-merged', `The ${aggregate} ${otherId} was not merged into this one.`, '/otherId');
};

/** What was merged is split by itself, since two records change by it, not by an undo. */
const bySplittingOnly = (fields: MergeStatus, before: MergeStatus | null): Rejection | undefined =>
  sameValue(fields.merges ?? [], before?.merges ?? []) && fields.mergedInto === before?.mergedInto
    ? undefined
    : reject(
        'conflict',
        'split-instead',
        'This would merge or split two records, of which an undo changes only one. Split them, or merge them again.',
        '/eventId',
      );
