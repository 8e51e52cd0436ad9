/** One field at fault. */
export const fieldProblemSchema = {
  type: 'object',
  required: ['pointer', 'code', 'message'],
  properties: {
    pointer: { type: 'string', description: 'JSON pointer into the request.', examples: ['/amount/minor'] },
    code: { type: 'string' },
    message: { type: 'string' },
  },
};

/** JSON Schema of every failure. */
export const problemSchema = {
  type: 'object',
  description: 'A failure, as in RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'code', 'correlationId', 'retryable'],
  properties: {
    type: { type: 'string', examples: ['/problems/invalid-request'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: {
      type: 'string',
      description: 'What was wrong, where, and what to do.',
      // Generated clients show it as the message of their exception.
      'x-ms-primary-error-message': true,
    },
    instance: { type: 'string' },
    code: { type: 'string', description: 'For programs; never changes.' },
    errors: {
      type: 'array',
      items: { $ref: '#/components/schemas/FieldProblem' },
    },
    correlationId: { type: 'string' },
    traceId: { type: 'string' },
    retryable: { type: 'boolean' },
    currentRevision: { type: 'integer', description: "The record's revision, when the one sent was stale." },
  },
};
