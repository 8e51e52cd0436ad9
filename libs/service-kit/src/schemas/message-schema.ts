import type { FieldShape } from '../contract/message-shape.js';
import { fieldSchema, type SchemaOfMessage } from './field-schema.js';
import type { JsonSchema } from './json-schema.js';

/**
 * The same message in its four lives: `input` creates, so what is required must be there; `changes` changes, so
 * nothing must be there and null clears; `output` is an answer; `event` is what happened, where a record holds only the
 * fields that it happened to.
 */
export type Variant = 'input' | 'changes' | 'output' | 'event';

/** @param ofMessage what to put where a field holds a message */
export const messageSchema = (
  fields: readonly FieldShape[],
  variant: Variant,
  ofMessage: SchemaOfMessage,
): JsonSchema =>
  isGiven(variant) ? inputSchema(fields, variant, ofMessage) : outputSchema(fields, variant, ofMessage);

/** Clients send it; the others come from the server. */
export const isGiven = (variant: Variant): variant is 'input' | 'changes' =>
  variant === 'input' || variant === 'changes';

const outputSchema = (
  fields: readonly FieldShape[],
  variant: 'output' | 'event',
  ofMessage: SchemaOfMessage,
): JsonSchema => {
  const isPart = variant === 'event' && isRecord(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [field.name, described(field, fieldSchema(field, ofMessage))]),
    ),
    required: isPart ? [] : fields.filter(isAlwaysThere).map(({ name }) => name),
  };
};

/** Only a record has fields that the server alone fills in: its id, and Rapport's own account of it. */
const isRecord = (fields: readonly FieldShape[]): boolean => fields.some(({ rules }) => rules.outputOnly);

const isAlwaysThere = ({ optional, kind }: FieldShape): boolean => !optional && kind !== 'message' && kind !== 'json';

const inputSchema = (fields: readonly FieldShape[], variant: Variant, ofMessage: SchemaOfMessage): JsonSchema => {
  const outputOnly = fields.filter(({ rules }) => rules.outputOnly).map(({ name }) => name);
  const given = fields.filter(({ rules }) => !rules.outputOnly);
  const required = variant === 'changes' ? [] : given.filter(({ rules }) => rules.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(given.map((field) => [field.name, inputField(field, ofMessage)])),
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    ...(outputOnly.length > 0 ? { 'x-output-only': outputOnly } : {}),
  };
};

/** Whatever may be left out may also be null. */
const inputField = (field: FieldShape, ofMessage: SchemaOfMessage): JsonSchema => {
  const schema = fieldSchema(field, ofMessage);
  return described(field, field.rules.required ? schema : nullable(schema));
};

const nullable = (schema: JsonSchema): JsonSchema => {
  if (typeof schema.type !== 'string') return schema;
  return { ...schema, type: [schema.type, 'null'], ...(schema.enum ? { enum: [...schema.enum, null] } : {}) };
};

const described = (field: FieldShape, schema: JsonSchema): JsonSchema => {
  const { comment, rules, personal } = field;
  return {
    ...schema,
    ...(comment === '' ? {} : { description: comment }),
    ...(rules.example === '' || field.repeated ? {} : { examples: [exampleOf(field)] }),
    ...(rules.outputOnly ? { readOnly: true } : {}),
    ...(personal ? { 'x-personal': true } : {}),
  };
};

export const exampleOf = ({ kind, rules }: FieldShape): string | number =>
  kind === 'integer' || kind === 'number' ? Number(rules.example) : rules.example;
