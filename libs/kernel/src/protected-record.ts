import { type Circumstances, type Decider, isRejection, reject, type Rejection } from './decider.js';
import { type ErasableCommands, type ErasableEvent, type ErasableState } from './erasable-record.js';
import { type EventCatalogue, UNCHANGED } from './event-catalogue.js';
import type { DomainEvent } from './event.js';
import { type FieldPatch, missing, patched, type RecordStatus } from './record.js';

/** What may stand above a person's record, each with the reason that was given. */
export interface Protection {
  /** A legal hold: the person cannot be erased. */
  readonly hold?: string;
  /** Processing is restricted: the record is kept, and neither changed nor used. */
  readonly restriction?: string;
}

export type ProtectionEvent<Name extends string> =
  | DomainEvent<`${Name}HoldPlaced`, { readonly hold: string }>
  | DomainEvent<`${Name}HoldLifted`, Record<string, never>>
  | DomainEvent<`${Name}ProcessingRestricted`, { readonly restriction: string }>
  | DomainEvent<`${Name}RestrictionLifted`, Record<string, never>>;

/** What somebody asked for who said that something about them is wrong. */
export interface Rectification {
  /** The person, or who acts for them. */
  readonly askedBy: string;
  /** RFC 3339. */
  readonly askedAt: string;
  readonly note?: string;
}

/** What was wrong is put right, because the person asked for it. */
export type RectifiedEvent<Name extends string, Fields extends object> = DomainEvent<
  `${Name}Rectified`,
  { readonly set: FieldPatch<Fields>; readonly rectification?: Rectification }
>;

/** The vocabulary of a person's record that may be put on hold and restricted. */
export type ProtectedEvent<Name extends string, Fields extends object> =
  ErasableEvent<Name, Fields> | ProtectionEvent<Name> | RectifiedEvent<Name, Fields>;

/** While it is restricted what is personal is put aside, where nobody finds it by any list. */
export type ProtectedState<Fields extends object> =
  (NonNullable<ErasableState<Fields>> & Protection & { readonly aside?: Partial<Fields> }) | null;

export interface ProtectedCommands<Fields extends object> extends ErasableCommands<Fields> {
  placeHold: { readonly reason: string };
  liftHold: Record<string, never>;
  restrict: { readonly reason: string };
  liftRestriction: Record<string, never>;
  rectify: { readonly set: FieldPatch<Fields>; readonly rectification: Rectification };
}

/**
 * The decider of a person's record that may be protected. A hold is decided on with the erasure in one stream, so that neither
 * can be faster than the other.
 * @param kept the fields that are not personal
 */
export const protectedRecord = <Name extends string, Fields extends object>(
  name: Name,
  record: Decider<ErasableState<Fields>, ErasableEvent<Name, Fields>, ErasableCommands<Fields>>,
  kept: readonly (keyof Fields & string)[],
): Decider<ProtectedState<Fields>, ProtectedEvent<Name, Fields>, ProtectedCommands<Fields>> => {
  type State = ProtectedState<Fields>;
  type Event = ProtectedEvent<Name, Fields>;
  const { aggregate, decide } = record;
  /** A decision on the state as it is, where nothing stands in its way. */
  const unlessRestricted =
    <C>(decided: (state: State, command: C, at: Circumstances) => ReturnType<typeof decide.edit>) =>
    (state: State, command: C, at: Circumstances) =>
      restricted(state) ?? decided(state, command, at);
  return {
    ...record,
    events: { ...record.events, ...eventsOf(name) } as EventCatalogue<Event>,
    initialState: null,
    evolve: (state, event) => evolve(state, event, { name, record, kept }) as State,
    final: (state) => record.final?.(state) ?? restricted(state),
    sound: (fields, before) => unprotected(fields, before) ?? record.sound?.(fields, before),
    decide: {
      create: decide.create,
      edit: unlessRestricted(decide.edit),
      archive: unlessRestricted(decide.archive),
      restore: unlessRestricted(decide.restore),
      erase: (state, command, at) => onHold(aggregate, state) ?? decide.erase(state, command, at),
      rectify: unlessRestricted(rectifying(name, record, kept)),
      ...protecting(name, record),
    },
  };
};

/** An edit by the same rules, of what is said about the person, with who asked for it. */
const rectifying =
  <Name extends string, Fields extends object>(
    name: Name,
    { decide }: Decider<ErasableState<Fields>, ErasableEvent<Name, Fields>, ErasableCommands<Fields>>,
    kept: readonly string[],
  ) =>
  (state: ProtectedState<Fields>, { set, rectification }: ProtectedCommands<Fields>['rectify'], at: Circumstances) => {
    const other = Object.keys(set).find((field) => kept.includes(field));
    if (other !== undefined) return notPersonal(other);
    const edited = decide.edit(state, { set }, at);
    if (isRejection(edited)) return edited;
    return edited.map(({ data }) => ({ type: `${name}Rectified`, data: { ...data, rectification } }) as never);
  };

/** What places and lifts protection. */
const protecting = <Name extends string, Fields extends object>(
  name: Name,
  { aggregate, final }: Decider<ErasableState<Fields>, ErasableEvent<Name, Fields>, ErasableCommands<Fields>>,
): Pick<
  Decider<ProtectedState<Fields>, ProtectedEvent<Name, Fields>, ProtectedCommands<Fields>>['decide'],
  'placeHold' | 'liftHold' | 'restrict' | 'liftRestriction'
> => {
  const happened = (fact: string, data: object) => ({ type: `${name}${fact}`, data }) as ProtectionEvent<Name>;
  type Change<C> = (state: Protection, command: C) => readonly ProtectionEvent<Name>[];
  const changing =
    <C>(change: Change<C>) =>
    (state: ProtectedState<Fields>, command: C, at: Circumstances) =>
      state ? (final?.(state) ?? change(state, command)) : missing(aggregate, at);
  return {
    placeHold: changing(({ hold }, { reason }: { readonly reason: string }) =>
      hold === reason ? [] : [happened('HoldPlaced', { hold: reason })],
    ),
    liftHold: changing(({ hold }) => (hold === undefined ? [] : [happened('HoldLifted', {})])),
    restrict: changing(({ restriction }, { reason }: { readonly reason: string }) =>
      restriction === undefined ? [happened('ProcessingRestricted', { restriction: reason })] : [],
    ),
    liftRestriction: changing(({ restriction }) =>
      restriction === undefined ? [] : [happened('RestrictionLifted', {})],
    ),
  };
};

const eventsOf = (name: string): Readonly<Record<string, typeof UNCHANGED>> =>
  Object.fromEntries(
    ['HoldPlaced', 'HoldLifted', 'ProcessingRestricted', 'RestrictionLifted', 'Rectified'].map((fact) => [
      `${name}${fact}`,
      UNCHANGED,
    ]),
  );

interface Evolving {
  readonly name: string;
  readonly record: { evolve(state: never, event: never): object | null };
  readonly kept: readonly string[];
}

/** The reason is gone with the person's key, what it was a reason for is not. */
const NO_REASON = '';

const evolve = (state: object | null, event: DomainEvent, { name, record, kept }: Evolving): object | null => {
  const { hold, restriction, aside, ...rest } = (state ?? {}) as Protection & { readonly aside?: object };
  const standing = { ...(hold !== undefined && { hold }), ...(restriction !== undefined && { restriction }) };
  switch (event.type.slice(name.length)) {
    case 'HoldPlaced':
      return state && { ...state, hold: (event.data as Protection).hold ?? NO_REASON };
    case 'HoldLifted':
      return state && { ...rest, ...(aside && { aside }), ...without(standing, 'hold') };
    case 'Rectified':
      return state && patched(state, (event.data as { readonly set: FieldPatch<object> }).set);
    case 'ProcessingRestricted': {
      const isShown = ([field]: readonly [string, unknown]): boolean => field === 'archived' || kept.includes(field);
      const [shown, personal] = [true, false].map((wanted) =>
        Object.fromEntries(Object.entries(rest).filter((entry) => isShown(entry) === wanted)),
      );
      const reason = (event.data as Protection).restriction ?? NO_REASON;
      return state && { ...shown, aside: personal, ...standing, restriction: reason };
    }
    case 'RestrictionLifted':
      return state && { ...rest, ...aside, ...without(standing, 'restriction') };
    default: {
      const next = record.evolve(rest as never, event as never);
      return state === null
        ? record.evolve(null as never, event as never)
        : goneOn(next, event, name, { aside, standing });
    }
  }
};

/** Protection goes with the person, and stays through everything else. */
const goneOn = (
  next: object | null,
  { type }: DomainEvent,
  name: string,
  { aside, standing }: { readonly aside: object | undefined; readonly standing: Protection },
): object | null => next && (type === `${name}Erased` ? next : { ...next, ...(aside && { aside }), ...standing });

const without = (protection: Protection, field: keyof Protection): Protection => {
  const { [field]: _, ...rest } = protection;
  return rest;
};

type Standing = (RecordStatus & Protection) | null;

const restricted = (state: Standing): Rejection | undefined =>
  state?.restriction === undefined
    ? undefined
    : reject(
        'conflict',
        'processing-restricted',
        'The processing of what is known about this person is restricted: it is kept, and neither changed nor used. A privacy officer can lift that.',
      );

const notPersonal = (field: string): Rejection =>
  reject(
    'invalid',
    'not-about-the-person',
    `What somebody has rectified is what is said about them; "${field}" is not. Edit it.`,
    `/${field}`,
  );

const onHold = (aggregate: string, state: Standing): Rejection | undefined =>
  state?.hold === undefined
    ? undefined
    : reject(
        'conflict',
        'on-hold',
        `This ${aggregate} is on legal hold, which stands above an erasure: nothing was erased. Lift the hold first, if its reason is gone.`,
      );

/** What stands above a record is lifted by its own command, not by undoing what placed it. */
const unprotected = (fields: object, before: object | null): Rejection | undefined => {
  const [next, present] = [fields as Protection, (before ?? {}) as Protection];
  if (next.hold === present.hold && next.restriction === present.restriction) return undefined;
  return reject('conflict', 'protected', 'A legal hold or a restriction is lifted by itself, not by an undo.');
};
