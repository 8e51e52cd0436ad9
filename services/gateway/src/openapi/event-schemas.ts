import type { JsonSchema, MessageShape } from '@rapport/service-kit';
import { ComponentSchemas } from './component-schemas.js';

/** JSON Schema (2020-12) of the `data` of one type of event. */
export const eventSchema = (type: string, message: MessageShape): object => {
  const definitions = new ComponentSchemas('#/$defs/');
  const schema: JsonSchema = definitions.schema(message, 'event');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `/schemas/${type}.json`,
    title: message.name,
    ...schema,
    $defs: definitions.all,
  };
};
