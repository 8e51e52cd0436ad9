import type { FieldProblem } from '@rapport/kernel';
import type { ErrorObject } from 'ajv';
import { closestName } from './closest-name.js';
import { formatHints } from './formats.js';
import type { JsonSchema } from './json-schema.js';

/** More than these help nobody. */
const MOST = 20;

/** What Ajv found, in words for people and codes for programs. Values are never repeated: they may be about a person. */
export const fieldProblems = (errors: readonly ErrorObject[]): readonly FieldProblem[] =>
  errors.slice(0, MOST).map(fieldProblem);

const fieldProblem = (error: ErrorObject): FieldProblem => {
  const schema = error.parentSchema as JsonSchema;
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties')
    return unknownField(error.instancePath, String(params['additionalProperty']), schema);
  if (error.keyword === 'required') {
    const name = String(params['missingProperty']);
    return problem(`${error.instancePath}/${escape(name)}`, 'required', `"${name}" is required.`);
  }
  const name = nameOf(error.instancePath);
  if (error.keyword === 'type' && error.data === null)
    return problem(error.instancePath, 'required', `${name} cannot be null.`);
  const [code, expectation] = (expectations[error.keyword] ?? otherwise)(schema, params);
  return problem(error.instancePath, code, `${name} must ${expectation}.`);
};

const unknownField = (parent: string, name: string, schema: JsonSchema): FieldProblem => {
  const pointer = `${parent}/${escape(name)}`;
  const shown = name.slice(0, 100);
  if (schema['x-output-only']?.includes(name))
    return problem(pointer, 'output-only', `"${shown}" is set by Rapport; leave it out.`);
  const names = Object.keys(schema.properties ?? {});
  const meant = closestName(name, names);
  const advice = meant === undefined ? listed(names) : `Did you mean "${meant}"?`;
  return problem(pointer, 'unknown-field', `There is no field "${shown}" here. ${advice}`);
};

type Expectation = (
  schema: JsonSchema,
  params: Readonly<Record<string, unknown>>,
) => readonly [code: string, text: string];

const otherwise: Expectation = () => ['invalid', 'have another value'];

const expectations: Readonly<Record<string, Expectation>> = {
  type: ({ type }) => ['wrong-type', `be ${typeNames[primary(type)] ?? 'of another type'}`],
  format: ({ format }) => ['wrong-format', `be ${formatHints[format ?? ''] ?? `a ${format}`}`],
  enum: (schema) => ['unknown-value', `be one of ${(schema.enum ?? []).filter((value) => value !== null).join(', ')}`],
  pattern: ({ pattern }) => ['wrong-format', `match ${pattern}`],
  minLength: ({ minLength }) => [
    'too-short',
    minLength === 1 ? 'not be empty' : `have at least ${minLength} characters`,
  ],
  maxLength: ({ maxLength }) => ['too-long', `have at most ${maxLength} characters`],
  minimum: ({ minimum }) => ['too-small', `be at least ${minimum}`],
  maximum: ({ maximum }) => ['too-large', `be at most ${maximum}`],
  minItems: () => ['required', 'have at least one entry'],
  maxItems: ({ maxItems }) => ['too-many', `have at most ${maxItems} entries`],
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const primary = (type: JsonSchema['type']): string => (typeof type === 'string' ? type : (type?.[0] ?? ''));

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'Leave it out.' : `There are: ${names.join(', ')}.`;

const problem = (pointer: string, code: string, message: string): FieldProblem => ({ pointer, code, message });

/** The last name of a pointer, or the whole body. */
const nameOf = (pointer: string): string =>
  pointer === ''
    ? 'The body'
    : `"${pointer
        .slice(pointer.lastIndexOf('/') + 1)
        .replaceAll('~1', '/')
        .replaceAll('~0', '~')}"`;

const escape = (name: string): string => name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
