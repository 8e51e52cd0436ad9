import { type CustomField, soundField } from '@rapport/custom-fields';
import {
  type Decider,
  recordDecider,
  type RecordCommands,
  type RecordEvent,
  type RecordState,
  reject,
} from '@rapport/kernel';

/** What is known of a field; the names are the contract's. */
export type FieldFields = CustomField;

/** FieldCreated, FieldEdited, FieldArchived, FieldRestored, FieldChangeUndone. */
export type FieldEvent = RecordEvent<'Field', FieldFields>;

export type FieldState = RecordState<FieldFields>;

const record = recordDecider<'Field', FieldFields>('field', 'Field', soundField);

/**
 * The definition of a field that a tenant has given its records of one kind. There is one for each key, for ever: archived, it keeps the
 * key from getting another meaning.
 */
export const field: Decider<FieldState, FieldEvent, RecordCommands<FieldFields>> = {
  ...record,
  decide: {
    ...record.decide,
    create: (state, fields, at) => {
      if (!state) return record.decide.create(state, fields, at);
      const what = state.archived ? 'is archived: restore it' : 'is there already: edit it';
      const message = `The field "${fields.key}" of ${fields.object} ${what}, or choose another key.`;
      return reject('already-exists', 'field-exists', message, '/key');
    },
  },
};
