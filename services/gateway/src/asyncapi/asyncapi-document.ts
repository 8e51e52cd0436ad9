import type { Contract } from '../contract/contract.js';
import { ComponentSchemas } from '../openapi/component-schemas.js';
import { channels } from './channels.js';
import { envelopeSchema, headersSchema } from './envelope.js';
import { messages } from './messages.js';
import { operations } from './operations.js';
import { publishedEvents } from './published-events.js';

const DESCRIPTION = `What the contexts of Rapport publish on Apache Kafka: CloudEvents in JSON, structured mode, keyed by record.

Delivered at least once: remember each record's \`sequence\`, and take nothing twice. Personal fields are sealed.`;

/** The AsyncAPI 3 document of every published event, from the contract. */
export const asyncApiDocument = (contract: Contract): object => {
  const schemas = new ComponentSchemas('#/components/schemas/');
  const published = publishedEvents(contract);
  const described = messages(published, schemas);
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Rapport events',
      version: 'v1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: { kafka: server },
    channels: channels(published),
    operations: operations(published, contract.listening),
    components: {
      messages: described,
      schemas: { ...schemas.all, CloudEvent: envelopeSchema, EventHeaders: headersSchema },
    },
  };
};

const server = {
  host: '{broker}',
  protocol: 'kafka',
  description: 'Where this installation keeps its events; only when it is run distributed.',
  variables: { broker: { default: 'localhost:9092', description: 'Any broker of the cluster.' } },
};
