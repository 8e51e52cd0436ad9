import type { AnyImport, AnySynonyms, FieldShape, MessageShape } from '@rapport/service-kit';
import type { ImportField } from '../values/import-field.js';

const MONEY = 'rapport.types.v1.Money';

/**
 * Fields that columns can hold, with their types, labels and marks from the contract.
 *
 * @param names those that people call a record by
 */
export const recordFields = (
  message: MessageShape,
  synonyms: AnyImport['synonyms'],
  names: readonly string[] = [],
): readonly ImportField[] =>
  message.fields.flatMap((field) => {
    const known = synonyms[field.name];
    const fields = known ? fieldsOf(field, known) : [];
    return names.includes(field.name) ? fields.map((each) => ({ ...each, isName: true })) : fields;
  });

const fieldsOf = (field: FieldShape, synonyms: AnySynonyms): readonly ImportField[] => {
  if (!isList(synonyms)) return innerFields(field, synonyms);
  const description = describe(field, synonyms);
  if (field.message?.typeName === MONEY) return [{ ...description, type: 'money' }, currencyOf(field)];
  const { rules } = field;
  if (rules.in.length > 0) return [{ ...description, type: 'choice', choices: rules.in }];
  return [{ ...description, type: typeOf(field) }];
};

/** Those in a message: columns call them by their own names. */
const innerFields = (
  { name: outer, message, personal }: FieldShape,
  synonyms: Exclude<AnySynonyms, readonly string[]>,
): readonly ImportField[] =>
  message!.fields.flatMap((field) => {
    const known = synonyms[field.name];
    if (!known) return [];
    const description = describe({ ...field, personal: personal || field.personal }, known);
    return [{ ...description, type: typeOf(field), path: `${outer}.${field.name}` }];
  });

const describe = ({ name, label, rules, personal }: FieldShape, synonyms: readonly string[]) => ({
  name,
  label,
  synonyms,
  ...(rules.required ? { required: true } : {}),
  ...(personal ? { personal: true } : {}),
});

/** Of an amount that stands without one. */
const currencyOf = ({ name }: FieldShape): ImportField => ({
  name: 'currency',
  label: 'currency',
  type: 'currency',
  of: name,
  synonyms: [...CURRENCY, `${name} currency`, `annual ${name} currency`, `list ${name} currency`],
});

const CURRENCY = ['currency code', 'currency iso code', 'product currency', 'wahrung', 'devise', 'moneda', 'divisa'];

type PlainType = 'text' | 'email' | 'phone' | 'number' | 'date' | 'instant' | 'boolean' | 'texts';

const typeOf = ({ kind, repeated, rules }: FieldShape): PlainType => {
  if (repeated) return 'texts';
  if (kind === 'boolean') return 'boolean';
  return kind === 'string' ? (FORMATS[rules.format] ?? 'text') : 'number';
};

const FORMATS: Readonly<Record<string, PlainType>> = {
  email: 'email',
  phone: 'phone',
  date: 'date',
  'date-time': 'instant',
  instant: 'instant',
};

const isList = (synonyms: AnySynonyms): synonyms is readonly string[] => Array.isArray(synonyms);
