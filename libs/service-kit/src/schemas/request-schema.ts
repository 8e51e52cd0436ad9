import type { FieldShape, MessageShape } from '../contract/message-shape.js';
import type { JsonSchema } from './json-schema.js';
import { messageSchema, type Variant } from './message-schema.js';
import { maskedField, sentFields } from './update-envelope.js';

/** The schema of a message in a request, with every message in it written out: what requests are checked against. */
export const requestSchema = (message: MessageShape, variant: Variant): JsonSchema =>
  fieldsSchema(sentFields(message), variant, maskedField(message));

/** The schema of some fields of a message together. `masked` is the one that holds changes. */
export const fieldsSchema = (
  fields: readonly FieldShape[],
  variant: Variant,
  masked: FieldShape | undefined,
): JsonSchema =>
  messageSchema(fields, variant, (field) =>
    requestSchema(field.message!, field.name === masked?.name ? 'changes' : 'input'),
  );
