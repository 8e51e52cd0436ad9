import type { MessageShape } from '@rapport/service-kit';
import type { ComponentSchemas } from '../openapi/component-schemas.js';
import { messageName, type PublishedEvents } from './published-events.js';

const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const key = {
  type: 'string',
  description: 'The record, `<kind>-<tenant>-<id>`: its events keep their order.',
  examples: ['opportunity-main-01a20115-9ed5-720c-9a0c-c25e702383a5'],
};

const bindings = { kafka: { key, bindingVersion: '0.5.0' } };

/** Every message by its name: one for each event. */
export const messages = (published: readonly PublishedEvents[], schemas: ComponentSchemas): object =>
  Object.fromEntries(
    published.flatMap(({ context, events }) =>
      events.map((event) => [messageName(context, event.name), eventMessage(context, event, schemas)]),
    ),
  );

const eventMessage = (context: string, event: MessageShape, schemas: ComponentSchemas): object => ({
  name: event.typeName,
  title: event.name,
  summary: event.comment,
  contentType: 'application/cloudevents+json',
  headers: {
    allOf: [schema('EventHeaders'), { type: 'object', properties: { 'ce-type': { const: event.typeName } } }],
  },
  payload: { allOf: [schema('CloudEvent'), { type: 'object', properties: fixed(context, event, schemas) }] },
  bindings,
});

const fixed = (context: string, event: MessageShape, schemas: ComponentSchemas): object => ({
  type: { const: event.typeName },
  source: { const: `/rapport/${context}` },
  dataschema: { const: `/schemas/${event.typeName}.json` },
  data: schemas.reference(event, 'event'),
});
