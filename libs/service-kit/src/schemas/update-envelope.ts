import type { FieldShape, MessageShape } from '../contract/message-shape.js';

const MASK = 'updateMask';

/**
 * The resource field of a message such as UpdateContactRequest: an id, a resource and an `updateMask` that nobody
 * sends over HTTP, since it is made from the resource's own keys.
 */
export const maskedField = (message: MessageShape): FieldShape | undefined =>
  message.fields.some(({ name }) => name === MASK)
    ? message.fields.find(({ kind, repeated }) => kind === 'message' && !repeated)
    : undefined;

/** The fields that a client may send. */
export const sentFields = (message: MessageShape): readonly FieldShape[] =>
  message.fields.filter(({ name }) => name !== MASK);

/** Fills the mask in. A key with null stays in the mask: it clears the field. */
export const withMask = (request: object, resource: object): object => ({ ...request, [MASK]: Object.keys(resource) });
