import { isId, isVisible, type Money } from '@rapport/kernel';
import { valueAs } from '@rapport/read-models';
import type { CustomField, CustomValue } from './custom-field.js';

const LONGEST_TEXT = 5_000;
const LONGEST_LINK = 2_000;
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** A value as records keep it, or what it should have been. */
export type Checked = { readonly value: CustomValue } | { readonly expected: string };

type Field = Pick<CustomField, 'kind' | 'choices'>;

/** What stands for nothing: a field that has it has no value. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** @param before what the record has: a choice that was retired since may stay */
export const checkedValue = (field: Field, value: unknown, before?: unknown): Checked => {
  const kept = KINDS[field.kind](value, field, before);
  return kept === undefined ? { expected: expected(field, before) } : { value: kept };
};

type Check = (value: unknown, field: Field, before: unknown) => CustomValue | undefined;

const when = <V extends CustomValue>(value: unknown, holds: boolean): V | undefined =>
  holds ? (value as V) : undefined;

const KINDS: Readonly<Record<CustomField['kind'], Check>> = {
  text: (value) =>
    when(value, typeof value === 'string' && value.length <= LONGEST_TEXT && isVisible(value) && value.isWellFormed()),
  number: (value) => when(value, typeof value === 'number' && Number.isFinite(value)),
  money: (value) => when(value, isMoney(value)),
  date: (value) => (valueAs('date', value) as string | null) ?? undefined,
  time: (value) => (valueAs('time', value) as string | null) ?? undefined,
  choice: (value, field, before) => when(value, open(field, [before]).includes(value as string)),
  'multi-choice': (value, field, before) => {
    const chosen: readonly unknown[] = Array.isArray(value) ? value : [undefined];
    const possible: readonly unknown[] = open(field, Array.isArray(before) ? before : []);
    return when(value, new Set(chosen).size === chosen.length && chosen.every((each) => possible.includes(each)));
  },
  boolean: (value) => when(value, typeof value === 'boolean'),
  link: (value) => when(value, typeof value === 'string' && isLink(value)),
  reference: (value) => when(value, typeof value === 'string' && isId(value)),
};

/** What may be chosen, and what was chosen while it could be. */
const open = ({ choices = [] }: Field, before: readonly unknown[]): readonly string[] =>
  choices.filter(({ value, retired }) => !retired || before.includes(value)).map(({ value }) => value);

const isMoney = (value: unknown): value is Money => {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { minor, currency } = value as Partial<Money>;
  return Number.isSafeInteger(minor) && typeof currency === 'string' && currencies.has(currency);
};

/** Of the web alone: what somebody else has put there is followed by a click. */
const isLink = (text: string): boolean => {
  if (text.length > LONGEST_LINK || !text.isWellFormed()) return false;
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
};

const expected = (field: Field, before: unknown): string => {
  if (field.kind !== 'choice' && field.kind !== 'multi-choice') return EXPECTED[field.kind];
  const words = open(field, [before].flat()).map((value) => JSON.stringify(value));
  return field.kind === 'choice' ? `one of ${words.join(', ')}` : `a list of some of ${words.join(', ')}, each once`;
};

const EXPECTED: Readonly<Record<Exclude<CustomField['kind'], 'choice' | 'multi-choice'>, string>> = {
  text: `a text of 1 to ${LONGEST_TEXT} characters that can be seen`,
  number: 'a number',
  money: 'an amount such as {"minor": 12500, "currency": "EUR"}',
  date: 'a date such as 2017-03-01',
  time: 'a time such as 2017-03-01T09:30:00Z (RFC 3339)',
  boolean: 'true or false',
  link: 'an address of the web such as https://example.org/',
  reference: 'the id of a record (a UUID in lower case)',
};
