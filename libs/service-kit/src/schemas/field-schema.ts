import type { FieldShape } from '../contract/message-shape.js';
import type { JsonSchema } from './json-schema.js';

/** Gives a message's schema where a field holds one: the schema itself, or a reference to it. */
export type SchemaOfMessage = (field: FieldShape) => JsonSchema;

/** The schema of a field's value; `null` is not in it. */
export const fieldSchema = (field: FieldShape, ofMessage: SchemaOfMessage): JsonSchema => {
  if (field.map) return { type: 'object', additionalProperties: valueSchema(field, ofMessage) };
  if (!field.repeated) return valueSchema(field, ofMessage);
  const { maxItems, required } = field.rules;
  return {
    type: 'array',
    items: valueSchema(field, ofMessage),
    ...(maxItems > 0 ? { maxItems } : {}),
    ...(required ? { minItems: 1 } : {}),
  };
};

const valueSchema = (field: FieldShape, ofMessage: SchemaOfMessage): JsonSchema => {
  switch (field.kind) {
    case 'message':
      return ofMessage(field);
    case 'json':
      return {};
    case 'object':
      return { type: 'object' };
    case 'boolean':
      return { type: 'boolean' };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'string':
      return { type: 'string', ...textRules(field) };
    default:
      return { type: field.kind, ...numberRules(field) };
  }
};

const textRules = ({ rules }: FieldShape): JsonSchema => ({
  ...(rules.format === '' ? {} : { format: rules.format }),
  ...(rules.pattern === '' ? {} : { pattern: rules.pattern }),
  ...(rules.in.length > 0 ? { enum: rules.in } : {}),
  ...(rules.minLength > 0 ? { minLength: rules.minLength } : {}),
  ...(rules.maxLength > 0 ? { maxLength: rules.maxLength } : {}),
});

/** A number of 64 bits travels as a JSON number, so it stays within what those hold exactly. */
const LIMITS = { 32: 2 ** 31 - 1, 64: Number.MAX_SAFE_INTEGER } as const;

const numberRules = ({ rules, bits }: FieldShape): JsonSchema => {
  const limit = bits && LIMITS[bits];
  const minimum = rules.minimum ?? (limit && -limit);
  const maximum = rules.maximum ?? limit;
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
};
