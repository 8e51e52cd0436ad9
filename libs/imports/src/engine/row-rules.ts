import { isCustomName } from '@rapport/custom-fields';
import {
  contractField,
  fieldSchema,
  type JsonSchema,
  requestSchema,
  type Validate,
  Validation,
} from '@rapport/service-kit';
import type { RowProblem } from '../domain/import-rows.events.js';
import type { FieldValue, ImportField } from '../values/import-field.js';
import type { ImportKind } from './import-kind.js';
import type { MappedColumn } from './mapped-columns.js';

const validation = new Validation();

/** The contract's rules for the fields that a file has columns of, as every request has to keep them. */
export class RowRules {
  readonly #validate: Validate;
  readonly #columnOf: ReadonlyMap<string, string>;

  constructor(kind: Pick<ImportKind, 'message'>, columns: readonly MappedColumn[]) {
    const checked = columns.filter(({ field }) => isChecked(field));
    const properties = Object.fromEntries(checked.map(({ field }) => [field.name, ruleOf(kind, field)]));
    this.#validate = validation.compile({ type: 'object', properties });
    this.#columnOf = new Map(checked.map(({ field, column }) => [field.name, column]));
  }

  /** What is wrong with values, by column. */
  check(values: Readonly<Record<string, FieldValue>>): readonly RowProblem[] {
    return this.#validate(values).map(({ pointer, code, message }) => {
      const column = this.#columnOf.get(pointer.split('/')[1] ?? '');
      return { ...(column === undefined ? {} : { column }), code, message };
    });
  }
}

/**
 * Names of records become ids, which are made here; the currency of a row is part of its amount; a tenant's own fields are not the
 * contract's.
 */
const isChecked = ({ name, type }: ImportField): boolean =>
  type !== 'reference' && type !== 'currency' && !isCustomName(name);

const ruleOf = ({ message }: Pick<ImportKind, 'message'>, { name, path = name, rule }: ImportField): JsonSchema => {
  const [type, field] = rule === undefined ? [message, path] : (rule.split('/') as [string, string]);
  return fieldSchema(contractField(type, field), ({ message: inner }) => requestSchema(inner!, 'input'));
};
