import { optionsV1 } from '@rapport/contracts';
import { instantOf } from '@rapport/kernel';
import type { OfferedBinding } from '../contract/offered-bindings.js';
import { type FieldShape, exampleOf, fieldSchema } from '@rapport/service-kit';
import type { ComponentSchemas } from './component-schemas.js';
import { pathFields, queryFields } from '../transcoding/parameters.js';

const header = (name: string, description: string) => ({ name, in: 'header', description, schema: { type: 'string' } });

export const parameterComponents = {
  IdempotencyKey: header('Idempotency-Key', 'Repeat the request with the same key, and it is carried out once.'),
  IfMatch: header('If-Match', 'Only if the record still is at this revision, such as `"3"`.'),
  IfNoneMatch: header('If-None-Match', 'Answer 304 if the record still is at this revision.'),
  RapportConsistency: header('Rapport-Consistency', 'From an earlier answer: wait until that write is visible.'),
  CorrelationId: header('X-Correlation-Id', 'One id for everything that this request sets in motion.'),
  LastEventId: header('Last-Event-ID', 'Resume after this event.'),
  ContentRange: header('Content-Range', 'Which part of the file this is: `bytes 0-99/250`.'),
};

const shared = (name: keyof typeof parameterComponents) => ({ $ref: `#/components/parameters/${name}` });

export const parametersOf = (
  { method, binding, destination }: OfferedBinding,
  schemas: ComponentSchemas,
): readonly object[] => {
  const wordsOf = (words: readonly string[], { name }: FieldShape) => schemas.words(name, method.request.name, words);
  return [
    ...pathFields(method, binding).map((field) => ({
      ...described(field),
      // What chooses the context may only be the name of one that is there.
      ...(field.name === destination.choice?.field ? { schema: wordsOf(destination.choice.names, field) } : {}),
      in: 'path',
      required: true,
    })),
    ...queryFields(method, binding).map((field) => ({
      ...described(field),
      ...(field.rules.in.length > 0 ? { schema: wordsOf(field.rules.in, field) } : {}),
      in: 'query',
      required: field.rules.required,
    })),
    ...headersOf(method, binding),
  ];
};

const described = (field: FieldShape): object => ({
  name: field.name,
  ...(field.comment === '' ? {} : { description: field.comment }),
  ...(field.rules.example === '' ? {} : { example: example(field) }),
  schema: fieldSchema(field, () => ({ type: 'object' })),
});

const headersOf = (
  { transfer }: OfferedBinding['method'],
  { httpMethod }: OfferedBinding['binding'],
): readonly object[] => {
  if (transfer === optionsV1.Transfer.TRANSFER_SERVER_SENT_EVENTS) return [shared('LastEventId')];
  if (transfer === optionsV1.Transfer.TRANSFER_UPLOAD) return [shared('ContentRange'), shared('CorrelationId')];
  if (httpMethod === 'GET') return [shared('IfNoneMatch'), shared('RapportConsistency'), shared('CorrelationId')];
  return [shared('IdempotencyKey'), shared('IfMatch'), shared('CorrelationId')];
};

const example = (field: FieldShape): string | number =>
  field.rules.format === 'instant' ? instantOf(field.rules.example).toISOString() : exampleOf(field);
