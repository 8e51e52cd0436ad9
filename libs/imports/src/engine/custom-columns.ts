import { type CustomField, customName, type Definitions, isCustomName, keyOfName } from '@rapport/custom-fields';
import {
  type Circumstances,
  type Decider,
  DomainError,
  type DomainEvent,
  type RecordCommands,
  type RecordState,
} from '@rapport/kernel';
import type { RowProblem } from '../domain/import-rows.events.js';
import { type ImportField, type PlainField, type RowValues, sameWord } from '../values/import-field.js';
import type { ImportKind } from './import-kind.js';
import { planRecord } from './plan-record.js';

type AnyRecordDecider = Pick<Decider<RecordState<object>, DomainEvent, RecordCommands<object>>, 'aggregate' | 'decide'>;

/**
 * The fields that a tenant has given its records, as columns, and what a row with any does. A new record gets its defaults, and lacks nothing that
 * is required, whether the file has a column for it or not. Undefined where there are no such fields.
 */
export const withCustomFields = (
  decider: AnyRecordDecider,
  fields: readonly ImportField[],
  definitions: Definitions,
): Pick<ImportKind<RecordState<object>>, 'fields' | 'plan'> | undefined => {
  const { inUse } = definitions;
  if (inUse.length === 0) return undefined;
  const all = [...fields, ...inUse.map(columnOf)];
  const byKey = new Map(inUse.map((field) => [field.key, field]));
  const { create } = decider.decide;
  const completing = {
    ...decider,
    decide: {
      ...decider.decide,
      create: (state: RecordState<object>, said: object, at: Circumstances) =>
        create(state, { ...said, ...definitions.created(customOf(said)) }, at),
    },
  };
  return {
    fields: all,
    plan: (row) => {
      try {
        const asked = customOf(row);
        const values = Object.entries(asked).map(([key, value]) => [key, valueOf(byKey.get(key)!, value)] as const);
        const taken = definitions.edited(Object.fromEntries(values)) as RowValues;
        return planRecord(completing, all, { ...row, ...taken });
      } catch (failure) {
        if (failure instanceof DomainError) return { problems: problemsOf(failure) };
        throw failure;
      }
    },
  };
};

/** Read by the labels that people know, told of by what records hold. */
const columnOf = (field: CustomField): ImportField => {
  const { key, label, kind, choices = [] } = field;
  const described = {
    name: customName(key),
    label,
    synonyms: [key],
    ...(field.personal === false ? {} : { personal: true }),
  };
  if (kind !== 'choice') return { ...described, type: TYPES[kind] };
  return { ...described, type: 'choice', choices: choices.flatMap((choice) => [choice.value, choice.label]) };
};

const TYPES: Readonly<Record<Exclude<CustomField['kind'], 'choice'>, PlainField['type']>> = {
  text: 'text',
  number: 'number',
  money: 'money',
  date: 'date',
  time: 'instant',
  'multi-choice': 'texts',
  boolean: 'boolean',
  link: 'text',
  reference: 'text',
};

const customOf = (fields: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      isCustomName(name) ? [[keyOfName(name), value as unknown]] : [],
    ),
  );

/** Of a choice the value, whichever of its words stands in the cell. */
const valueOf = ({ choices = [] }: CustomField, value: unknown): unknown => {
  const chosen = (text: unknown): unknown => {
    const meant = choices.find((choice) =>
      [choice.value, choice.label].some((word) => sameWord(word) === sameWord(String(text))),
    );
    return meant?.value ?? text;
  };
  if (choices.length === 0) return value;
  return Array.isArray(value) ? value.map(chosen) : value === null ? null : chosen(value);
};

const problemsOf = ({ code, message, details }: DomainError): readonly RowProblem[] =>
  details.fields?.map((problem) => ({ code: problem.code, message: problem.message })) ?? [{ code, message }];
