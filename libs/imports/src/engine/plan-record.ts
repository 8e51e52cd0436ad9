import type { Decider, DomainEvent, RecordCommands, RecordState } from '@rapport/kernel';
import type { RowStep } from './import-kind.js';

/** The plan of a plain record: created with these fields, or edited to have them; an archived one is restored first. */
export const planRecord = <Fields extends object, E extends DomainEvent>(
  decider: Pick<Decider<RecordState<Fields>, E, RecordCommands<Fields>>, 'aggregate' | 'decide'>,
  fields: Fields,
  occurredAt?: string,
): readonly RowStep<RecordState<Fields>>[] => {
  const noun = `${decider.aggregate[0]!.toUpperCase()}${decider.aggregate.slice(1)}`;
  const at = occurredAt === undefined ? {} : { occurredAt };
  const { create, edit, restore } = decider.decide;
  return [
    { name: `Restore${noun}`, ...at, decide: (state, now) => (state?.archived ? restore(state, {}, now) : []) },
    {
      name: `Import${noun}`,
      ...at,
      decide: (state, now) => (state ? edit(state, { set: fields }, now) : create(state, fields, now)),
    },
  ];
};
