import {
  type CloudEvent,
  EPOCH_HEADER,
  ID_HEADER,
  REVISION_HEADER,
  SEQUENCE_HEADER,
  STREAM_HEADER,
  TYPE_HEADER,
  VERSION_HEADER,
} from '@rapport/processing';
import type { JsonSchema } from '@rapport/service-kit';

type Attribute = keyof CloudEvent;
type OptionalAttribute = { [A in Attribute]-?: undefined extends CloudEvent[A] ? A : never }[Attribute];

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });
const instant = (description: string): JsonSchema => text(description, { format: 'date-time' });

/** Every attribute of a published event: one that is missing here does not compile. */
const properties: Readonly<Record<Attribute, JsonSchema>> = {
  specversion: { type: 'string', const: '1.0' },
  id: text('The same whenever the event is delivered again.'),
  source: text('The context that it happened in.', { examples: ['/rapport/sales'] }),
  type: text('What happened.', { examples: ['rapport.sales.v1.OpportunityWon'] }),
  subject: text('Whom it happened to: the kind of record and its id.'),
  time: instant('When it happened in the world.'),
  datacontenttype: { type: 'string', const: 'application/json' },
  dataschema: text('JSON Schema of `data`, on the gateway.'),
  dataversion: { type: 'integer', minimum: 1, description: 'Version of the form of `data`; 1 where there is none.' },
  tenant: text('Whose it is.'),
  revision: {
    type: 'integer',
    minimum: 0,
    description: "Place among the record's changes, 0 first; there is a message for each.",
  },
  recordedtime: instant('When Rapport learnt it.'),
  actor: text('Who did it.', { examples: ['user:01940000-0000-7000-8000-000000000001'] }),
  correlationid: text('One id for everything that one request set in motion.'),
  causationid: text('The event that led to this one.'),
  sequence: text(
    "Place among the context's events: opaque, grows per record. Take nothing that is not greater than the last.",
  ),
  sealed: text(
    'The personal fields of `data`, encrypted with the keys of those they are about. Nobody can read them after an erasure.',
  ),
  erased: { type: 'boolean', description: 'The person it was about had been erased.' },
  data: { type: 'object', description: 'What happened, without the personal fields.' },
};

const optional: Readonly<Record<OptionalAttribute, true>> = {
  dataversion: true,
  causationid: true,
  sealed: true,
  erased: true,
};

export const envelopeSchema: JsonSchema = {
  type: 'object',
  description: 'CloudEvents 1.0, JSON format. Ignore attributes that you do not know.',
  required: Object.keys(properties).filter((name) => !(name in optional)),
  properties,
};

const number = (description: string): JsonSchema => text(description, { pattern: '^[0-9]+$' });

const attributes: Readonly<Record<string, JsonSchema>> = {
  [ID_HEADER]: text('As the attribute `id`.'),
  [TYPE_HEADER]: text('As the attribute `type`.'),
  [SEQUENCE_HEADER]: text('As the attribute `sequence`.'),
  [STREAM_HEADER]: text('The record, `<kind>-<tenant>-<id>`; the same as the key.'),
  [REVISION_HEADER]: number('As the attribute `revision`.'),
  [VERSION_HEADER]: number("Version of the event's form, 1 first."),
  [EPOCH_HEADER]: number('Raised when the context was set back to an earlier state: what has a lower one is over.'),
};

export const headersSchema: JsonSchema = {
  type: 'object',
  description:
    'So that a consumer can pass over what it does not need without parsing it, and knows the place of what it cannot parse.',
  required: ['content-type', ...Object.keys(attributes)],
  properties: {
    'content-type': { type: 'string', const: 'application/cloudevents+json' },
    ...attributes,
    traceparent: text('The trace of the request that it came from (W3C).', {
      pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
    }),
  },
};
