import { reject, type Circumstances, type Decider, type Decision } from './decider.js';
import { UNCHANGED, type EventCatalogue } from './event-catalogue.js';
import type { DomainEvent } from './event.js';
import { missing, type RecordCommands, type RecordEvent, type RecordState } from './record.js';

/** What is stored when a person is to be forgotten: the keys of all their personal fields are destroyed because of it. */
export interface Erased {
  readonly receiptId: string;
  /** What the same person is known by beside the record's id. */
  readonly furtherIds?: readonly string[];
}

export type ErasedEvent<Name extends string> = DomainEvent<`${Name}Erased`, Erased>;

/** The vocabulary of a record about a person: that of a plain one, and that the person was erased. */
export type ErasableEvent<Name extends string, Fields extends object> = RecordEvent<Name, Fields> | ErasedEvent<Name>;

/** `erased` is there once the person was forgotten; the personal fields are not there any more then. */
export type ErasableState<Fields extends object> = (RecordState<Fields> & { readonly erased?: true }) | null;

export interface ErasableCommands<Fields extends object> extends RecordCommands<Fields> {
  erase: Pick<Erased, 'receiptId'>;
}

/**
 * The decider of a record about a person who can be forgotten. After that nothing can be added to it.
 * @param kept the fields that say nothing about the person, and so are left
 */
export const erasable = <Name extends string, Fields extends object>(
  name: Name,
  record: Decider<RecordState<Fields>, RecordEvent<Name, Fields>, RecordCommands<Fields>>,
  kept: readonly (keyof Fields & string)[],
): Decider<ErasableState<Fields>, ErasableEvent<Name, Fields>, ErasableCommands<Fields>> => {
  type State = ErasableState<Fields>;
  const { aggregate, decide } = record;
  const erased = `${name}Erased` as const;
  const left = ([field]: readonly [string, unknown]): boolean => (kept as readonly string[]).includes(field);
  const evolve = (state: State, event: ErasableEvent<Name, Fields>): State => {
    if (event.type !== erased) return record.evolve(state, event as RecordEvent<Name, Fields>);
    const rest = Object.fromEntries(Object.entries(state ?? {}).filter(left)) as Fields;
    return { ...rest, archived: true, erased: true };
  };
  return {
    aggregate,
    events: { ...record.events, [erased]: UNCHANGED } as EventCatalogue<ErasableEvent<Name, Fields>>,
    initialState: null,
    evolve,
    final: gone,
    ...(record.sound ? { sound: record.sound } : {}),
    decide: {
      create: decide.create,
      archive: decide.archive,
      edit: (state, command, at) => gone(state) ?? decide.edit(state, command, at),
      restore: (state, command, at) => gone(state) ?? decide.restore(state, command, at),
      erase: (state: State, { receiptId }, at: Circumstances) => {
        if (!state) return missing(aggregate, at);
        return state.erased ? [] : [{ type: erased, data: { receiptId } }];
      },
    },
  };
};

/** Nothing can be added to a person who was forgotten. */
const gone = (state: { readonly erased?: true } | null): Decision<never> | undefined =>
  state?.erased
    ? reject('gone', 'erased', 'This person was erased. Nothing can be added to the record; create a new one.')
    : undefined;
