import { type ImportField, type ImportKind, RowParser } from '@rapport/imports';
import {
  contractField,
  contractMessage,
  fieldSchema,
  type JsonSchema,
  requestSchema,
  Validation,
} from '@rapport/service-kit';
import fc from 'fast-check';

/** A cell that breaks one rule of the contract. */
export interface BrokenRule {
  readonly field: string;
  readonly rule: string;
  readonly cell: string;
}

const validation = new Validation();

const checked = ({ fields }: ImportKind): readonly ImportField[] =>
  fields.filter(({ type }) => type !== 'reference' && type !== 'currency');

/** Every rule that the contract has for a field of a kind, with a cell that breaks it. */
export const brokenRules = (kind: ImportKind): readonly BrokenRule[] =>
  checked(kind).flatMap((field) =>
    Object.entries(breaking(schemaOf(kind, field))).map(([rule, cell]) => ({ field: field.name, rule, cell })),
  );

/** Codes of what is wrong with a row that has one cell; the value where nothing is. */
export const imported = (
  kind: ImportKind,
  name: string,
  cell: string,
): { codes: readonly string[]; value: unknown } => {
  const field = kind.fields.find((each) => each.name === name)!;
  const settings = {
    columns: { [name]: name },
    mode: 'upsert',
    empty: 'keep',
    dates: 'dmy',
    currency: 'USD',
    unknownReferences: 'refuse',
    possibleDuplicates: 'report',
  } as const;
  const profile = { dates: () => 'dmy', decimalMark: () => '.' } as never;
  const parser = new RowParser(kind, [{ at: 0, column: name, field }], 1, settings, profile);
  const { values, problems } = parser.parse({ row: 1, line: 2, cells: [cell] });
  return { codes: problems.map(({ code }) => code), value: values[name] };
};

/** Codes of what a request would be told that gives a field this value. */
export const requested = (kind: ImportKind, name: string, value: unknown): readonly string[] => {
  const { rule, path = name } = kind.fields.find((each) => each.name === name)!;
  const [type, given] = rule === undefined ? [kind.message, path] : (rule.split('/') as [string, string]);
  const steps = given.split('.');
  const body = steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  const outputOnly = contractField(type, steps[0]!).rules.outputOnly;
  const properties = { [steps[0]!]: schemaAt(type, steps[0]!) };
  const schema = outputOnly ? { type: 'object', properties } : requestSchema(contractMessage(type), 'changes');
  return validation
    .compile(schema)(body)
    .map(({ code }) => code);
};

/** Cells of all kinds, near the limits of a field too. */
export const cells = (kind: ImportKind, name: string): fc.Arbitrary<string> => {
  const {
    maxLength = 20,
    minimum = 0,
    maximum = 100,
    maxItems = 3,
    items,
  } = flat(
    schemaOf(
      kind,
      kind.fields.find((each) => each.name === name)!,
    ),
  );
  const letter = fc.constantFrom('a', 'é', '日', '😀', ' ', '-', '@', '.');
  const near = (limit: number) => fc.integer({ min: -2, max: 2 }).map((more) => limit + more);
  const length = (limit: number) => near(limit).map((count) => Math.max(0, count));
  return fc.oneof(
    fc.tuple(letter, length(maxLength)).map(([text, times]) => text.repeat(times)),
    fc.string({ unit: 'grapheme' }),
    fc.emailAddress(),
    fc.emailAddress().map((address) => `${address}.`),
    near(minimum).map(String),
    near(maximum).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }).map((number) => number.toFixed(2)),
    fc.integer({ min: -(2 ** 33), max: 2 ** 33 }).map(String),
    length(maxItems).map((count) => Array.from({ length: count }, (_, n) => `t${n}`).join(';')),
    length(items?.maxLength ?? 5).map((count) => 'x'.repeat(count)),
    fc
      .date({ noInvalidDate: true, min: new Date('0900-01-01'), max: new Date('2100-01-01') })
      .map((day) => day.toISOString().slice(0, 10)),
  );
};

const schemaOf = (kind: ImportKind, { name, path = name, rule }: ImportField): JsonSchema => {
  const [type, field] = rule === undefined ? [kind.message, path] : (rule.split('/') as [string, string]);
  return schemaAt(type, field);
};

const schemaAt = (type: string, path: string): JsonSchema =>
  fieldSchema(contractField(type, path), ({ message }) => requestSchema(message!, 'input'));

const flat = (schema: JsonSchema): JsonSchema => ({ ...schema, ...schema.properties?.['minor'] });

/** Rule → a cell that breaks it. */
const breaking = (schema: JsonSchema): Readonly<Record<string, string>> => {
  const { type, maxLength, minimum, maximum, maxItems, items, format, pattern, properties } = flat(schema);
  const broken: Record<string, string> = {};
  if (maxLength !== undefined) broken['maxLength'] = '😀'.repeat(maxLength + 1);
  if (minimum !== undefined) broken['minimum'] = String(minimum - (Number.isSafeInteger(minimum - 1) ? 1 : 1000));
  if (maximum !== undefined) broken['maximum'] = String(maximum + (Number.isSafeInteger(maximum + 1) ? 1 : 1000));
  if (type === 'integer') broken['integer'] = properties ? '0.001' : '1999.5';
  if (maxItems !== undefined) broken['maxItems'] = Array.from({ length: maxItems + 1 }, (_, n) => `t${n}`).join(';');
  if (items?.maxLength !== undefined) broken['items.maxLength'] = 'x'.repeat(items.maxLength + 1);
  if (format !== undefined) broken['format'] = format === 'date' ? '2017-02-30' : 'a@x.org.';
  if (schema.enum !== undefined) broken['enum'] = 'another';
  if (pattern !== undefined) throw new Error('Say here how this rule is broken.');
  return broken;
};
