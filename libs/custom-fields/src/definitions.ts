import { DomainError, type FieldProblem } from '@rapport/kernel';
import type { FieldType } from '@rapport/read-models';
import { type CustomField, type CustomValue, readAs } from './custom-field.js';
import { checkedValue, isEmpty } from './custom-values.js';
import { customName, isCustomName, keyOfName } from './names.js';

type Fields = Readonly<Record<string, FieldType>>;
/** By {@link customName}. */
export type CustomValues = Readonly<Record<string, CustomValue>>;
/** null empties a field. */
export type CustomPatch = Readonly<Record<string, CustomValue | null>>;
export type Known = CustomField & { readonly archived: boolean };

const NO_FIELDS: Fields = {};

/** The fields that one tenant has given to one kind of record, as they are at one moment. */
export class Definitions {
  /** What lists may be asked for. */
  readonly fields: Fields;
  /** Names of those whose values are nobody's secret: everything else about a person is sealed. */
  readonly inClear: readonly string[];
  private readonly byKey: ReadonlyMap<string, Known>;
  private readonly onCreation: readonly Known[];

  constructor(known: readonly Known[]) {
    this.byKey = new Map(known.map((field) => [field.key, field]));
    const used = this.inUse;
    this.fields =
      used.length === 0 ? NO_FIELDS : Object.fromEntries(used.flatMap((field) => Object.entries(readAs(field))));
    this.inClear = known.filter(({ personal }) => personal === false).map(({ key }) => customName(key));
    this.onCreation = used.filter(({ required, defaultValue }) => required || defaultValue !== undefined);
  }

  /** What lists may be asked for of it by somebody who does not see which fields there are: no more than is named. */
  namedIn(text: string): Fields {
    if (this.fields === NO_FIELDS) return NO_FIELDS;
    const names = new Set(text.match(/\bcustom\.[\w.]+/g));
    return Object.fromEntries(Object.entries(this.fields).filter(([name]) => names.has(name)));
  }

  /** In the order in which people see them. */
  get inUse(): readonly Known[] {
    return [...this.byKey.values()]
      .filter(({ archived }) => !archived)
      .sort((a, b) => (a.order ?? Infinity) - (b.order ?? Infinity) || (a.label < b.label ? -1 : 1));
  }

  /** What is not in use is kept, and shown in histories alone. */
  readonly isShown = (key: string): boolean => this.byKey.get(key)?.archived === false;

  /** @throws DomainError invalid, naming each field at fault */
  created(asked: object): CustomValues {
    const values: Record<string, CustomValue> = {};
    const problems: FieldProblem[] = [];
    for (const [key, value] of Object.entries(asked)) if (!isEmpty(value)) this.take(key, value, values, problems);
    for (const { key, required, defaultValue } of this.onCreation) {
      const name = customName(key);
      if (Object.hasOwn(values, name) || problems.some(({ pointer }) => pointer === pointerTo(key))) continue;
      if (defaultValue !== undefined && !Object.hasOwn(asked, key)) values[name] = defaultValue as CustomValue;
      else if (required) problems.push(missing(key));
    }
    return refuseAny(problems, values);
  }

  /** @param before what the record says, where that is known. @throws DomainError invalid, naming each field at fault */
  edited(asked: object, before: object = {}): CustomPatch {
    const patch: Record<string, CustomValue | null> = {};
    const problems: FieldProblem[] = [];
    for (const [key, value] of Object.entries(asked)) {
      if (!isEmpty(value)) this.take(key, value, patch, problems, before);
      // What has gone out of use may always be emptied.
      else if (!this.byKey.has(key)) problems.push(this.unknown(key));
      else if (this.byKey.get(key)!.required && this.isShown(key)) problems.push(missing(key));
      else patch[customName(key)] = null;
    }
    return refuseAny(problems, patch);
  }

  /** Of some names, those of fields that hold the id of another record, and of which kind; undefined where none does. */
  references(names: readonly string[]): Readonly<Record<string, string>> | undefined {
    const found = names.filter(isCustomName).flatMap((name): (readonly [string, string])[] => {
      const { refersTo } = this.byKey.get(keyOfName(name)) ?? {};
      return refersTo === undefined ? [] : [[name, refersTo]];
    });
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }

  private take(
    key: string,
    value: unknown,
    into: Record<string, CustomValue | null>,
    problems: FieldProblem[],
    before: object = {},
  ): void {
    const field = this.byKey.get(key);
    if (!field || field.archived) return void problems.push(this.unknown(key));
    const name = customName(key);
    const checked = checkedValue(field, value, (before as Readonly<Record<string, unknown>>)[name]);
    if ('value' in checked) into[name] = checked.value;
    else problems.push(problem(key, 'invalid-value', `custom.${key} has to be ${checked.expected}.`));
  }

  private unknown(key: string): FieldProblem {
    const field = this.byKey.get(key);
    if (field) return problem(key, 'field-archived', `The field "${key}" is archived. Restore it, or leave it out.`);
    const message = `There is no custom field "${key.slice(0, 100)}". GET /v1/fields tells which there are.`;
    return problem(key, 'unknown-field', message);
  }
}

const pointerTo = (key: string): string => `/custom/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const problem = (key: string, code: string, message: string): FieldProblem => ({
  pointer: pointerTo(key),
  code,
  message,
});

const missing = (key: string): FieldProblem => problem(key, 'required', `custom.${key} is required. Give it a value.`);

const refuseAny = <T>(problems: readonly FieldProblem[], otherwise: T): T => {
  const [first, ...more] = problems;
  if (!first) return otherwise;
  const message = more.length > 0 ? `${first.message} (and ${more.length} more)` : first.message;
  throw new DomainError('invalid', first.code, message, { fields: problems });
};
