import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Backend, JsonSchema } from '@rapport/service-kit';

const FIELDS = 'rapport.contacts.v1.FieldsService';
const PAGE = 200;

type Document = { readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } };

/** The fields that a caller's tenant has given its records, as far as the caller sees definitions. */
export const fieldsOfTenant = async (contacts: Backend, call: CallContext): Promise<readonly contactsV1.Field[]> => {
  const fields: contactsV1.Field[] = [];
  let cursor: string | undefined;
  do {
    const asked: typesV1.ListRecordsRequest = { limit: PAGE, cursor };
    const { data, page } = (await contacts.invoke(FIELDS, 'listFields', asked, call)) as contactsV1.ListFieldsResponse;
    fields.push(...data);
    cursor = page?.next || undefined;
  } while (cursor !== undefined);
  return fields;
};

/** The document with these fields under `custom` of what the contract calls them: `Account`, `AccountInput`, `AccountChanges`. */
export const withFieldsOfTenant = (document: object, fields: readonly contactsV1.Field[]): object => {
  const { components, ...rest } = document as Document;
  const schemas = { ...components.schemas };
  for (const [object, own] of Map.groupBy(fields, (field) => field.object)) {
    const message = object[0]!.toUpperCase() + object.slice(1);
    for (const variant of ['', 'Input', 'Changes'] as const) {
      const schema = schemas[message + variant];
      if (schema?.properties?.['custom'])
        schemas[message + variant] = {
          ...schema,
          properties: { ...schema.properties, custom: customSchema(own, variant, schema.properties['custom']) },
        };
    }
  }
  return { ...rest, components: { ...components, schemas } };
};

const customSchema = (
  fields: readonly contactsV1.Field[],
  variant: '' | 'Input' | 'Changes',
  { description }: JsonSchema,
): JsonSchema => {
  const required = fields.filter((field) => field.required && field.defaultValue === undefined).map(({ key }) => key);
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(fields.map((field) => [field.key, valueSchema(field, variant === 'Changes')])),
    ...(variant === '' ? {} : { additionalProperties: false }),
    ...(variant === 'Input' && required.length > 0 ? { required } : {}),
  };
};

/** @param nullable null empties a field that may be empty */
const valueSchema = (
  { label, helpText, kind, personal, required, choices }: contactsV1.Field,
  nullable: boolean,
): JsonSchema => {
  const words = choices.filter(({ retired }) => !retired).map(({ value }) => value);
  const schema = KINDS[kind]?.(words) ?? {};
  const description = helpText === undefined ? label : `${label}. ${helpText}`;
  const { type } = schema;
  const mayBeNull = nullable && !required && typeof type === 'string';
  return {
    ...schema,
    ...(mayBeNull ? { type: [type, 'null'], ...(schema.enum && { enum: [...schema.enum, null] }) } : {}),
    description,
    ...(personal ? { 'x-personal': true } : {}),
  };
};

const KINDS: Readonly<Record<string, (words: readonly string[]) => JsonSchema>> = {
  text: () => ({ type: 'string', maxLength: 5_000 }),
  number: () => ({ type: 'number' }),
  money: () => ({
    type: 'object',
    properties: { minor: { type: 'integer' }, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
    required: ['minor', 'currency'],
  }),
  date: () => ({ type: 'string', format: 'date' }),
  time: () => ({ type: 'string', format: 'date-time' }),
  choice: (words) => ({ type: 'string', enum: words }),
  'multi-choice': (words) => ({ type: 'array', items: { type: 'string', enum: words } }),
  boolean: () => ({ type: 'boolean' }),
  link: () => ({ type: 'string', format: 'uri', maxLength: 2_000 }),
  reference: () => ({ type: 'string', format: 'uuid' }),
};
