import { idFrom, type Money } from '@rapport/kernel';
import type { FieldType } from '@rapport/read-models';
import { customName } from './names.js';

export const customKinds = [
  ...['text', 'number', 'money', 'date', 'time', 'choice', 'multi-choice', 'boolean', 'link', 'reference'],
] as const satisfies readonly string[];

export type CustomKind =
  'text' | 'number' | 'money' | 'date' | 'time' | 'choice' | 'multi-choice' | 'boolean' | 'link' | 'reference';

/** What may be chosen. Records keep the value, so the label may change; a value that is retired is not chosen any more. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly retired?: boolean;
}

/** A field that a tenant gives its records of one kind; the names are the contract's. */
export interface CustomField {
  /** The aggregate: `contact`. */
  readonly object: string;
  /** By it records hold the value, and everybody asks for it: `priority` in `custom.priority`. */
  readonly key: string;
  readonly label: string;
  readonly kind: CustomKind;
  readonly choices?: readonly Choice[];
  /** The kind of record that a reference leads to. */
  readonly refersTo?: string;
  readonly required?: boolean;
  readonly defaultValue?: unknown;
  readonly helpText?: string;
  /** Says something about the person whose record it is: values are sealed. */
  readonly personal?: boolean;
  readonly order?: number;
  readonly group?: string;
}

/** Texts, choices, links and ids are strings, days `2017-03-01`, times RFC 3339 in UTC with milliseconds. */
export type CustomValue = string | number | boolean | Money | readonly string[];

/** More a screen does not show, and a record should not hold. Archived ones are not counted. */
export const MOST_FIELDS = 100;

/** Of the record in which a tenant keeps a field. It follows from the name, so there is one, for ever. */
export const customFieldId = (object: string, key: string): string => idFrom('field', object, key);

/** What read models are asked for a field by. */
export const readAs = ({ key, kind }: Pick<CustomField, 'key' | 'kind'>): Readonly<Record<string, FieldType>> => {
  const name = customName(key);
  if (kind === 'money') return { [`${name}.minor`]: 'number', [`${name}.currency`]: 'text' };
  return { [name]: TYPES[kind] };
};

const TYPES: Readonly<Record<Exclude<CustomKind, 'money'>, FieldType>> = {
  text: 'text',
  number: 'number',
  date: 'date',
  time: 'time',
  choice: 'text',
  'multi-choice': 'texts',
  boolean: 'boolean',
  link: 'text',
  reference: 'text',
};
