import { DomainError, type FieldProblem } from '@rapport/kernel';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fieldProblems } from './field-problems.js';
import { formats } from './formats.js';
import type { JsonSchema } from './json-schema.js';
import { textProblems } from './text-problems.js';

/** What is wrong with a value; empty when nothing is. */
export type Validate = (value: unknown) => readonly FieldProblem[];

/** Compiles schemas into the functions that requests go through, each when its first request comes: a start waits for none. */
export class Validation {
  readonly #ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, formats });

  readonly #compiled = new Map<string, Validate>();

  constructor() {
    this.#ajv.addVocabulary(['x-output-only', 'x-personal']);
  }

  /** Equal schemas are compiled once: the bindings of a method differ in little. */
  compile(schema: JsonSchema): Validate {
    const text = JSON.stringify(schema);
    let validate = this.#compiled.get(text);
    if (!validate) this.#compiled.set(text, (validate = this.#compile(schema)));
    return validate;
  }

  #compile(schema: JsonSchema): Validate {
    let compiled: ValidateFunction | undefined;
    return (value) => {
      const validate = (compiled ??= this.#ajv.compile(schema));
      return validate(value) ? textProblems(value) : fieldProblems(validate.errors ?? []);
    };
  }
}

/** @throws DomainError naming every field at fault */
export const refuseRequest = (fields: readonly FieldProblem[]): never => {
  const [first] = fields;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  throw new DomainError('invalid', 'invalid-request', `${first?.message ?? 'The request is invalid.'}${more}`, {
    fields,
  });
};
