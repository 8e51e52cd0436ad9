import { type Attribute, named, type Resource, type ResourceType } from './attribute.js';
import { invalid } from './scim-error.js';

const LONGEST_TEXT = 2_000;
const MOST_VALUES = 10_000;

/**
 * What a body says of a resource, by canonical names: names are read in any case, what is read-only or unknown is left out, null
 * and empty lists are no values.
 * @throws ScimError invalidSyntax | invalidValue
 */
export const readResource = (body: unknown, type: ResourceType): Resource => {
  if (!isObject(body)) throw invalid('invalidSyntax', 'The body has to be a JSON object.');
  requireSchema(body, type.schema.id);
  const resource = readParts(body, type.attributes);
  requireComplete(resource, type);
  return resource;
};

/** @throws ScimError invalidSyntax */
export const requireSchema = (body: Resource, schema: string): void => {
  const given = valueCalled(body, 'schemas');
  const isOne = (each: unknown): boolean => typeof each === 'string' && each.toLowerCase() === schema.toLowerCase();
  if (Array.isArray(given) && given.some(isOne)) return;
  throw invalid('invalidSyntax', `"schemas" has to name ${schema}.`);
};

/** @throws ScimError invalidValue */
export const requireComplete = (resource: Resource, { attributes }: ResourceType): void => {
  const missing = attributes.find(({ name, required }) => required && isBlank(resource[name]));
  if (missing) throw invalid('invalidValue', `"${missing.name}" is required.`);
};

/** A value as the attribute has it; undefined for none. @throws ScimError invalidValue */
export const readValue = (value: unknown, attribute: Attribute): unknown => {
  if (!attribute.multiValued) return readOne(value, attribute);
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (given.length > MOST_VALUES)
    throw invalid('invalidValue', `"${attribute.name}" has more than ${MOST_VALUES} values.`);
  const values = given
    .map((each) => readOne(each, attribute))
    .filter((each) => each !== undefined) as readonly unknown[];
  return values.length === 0 ? undefined : withOnePrimary(values as readonly Resource[]);
};

/** At most one of several values is the primary one: the last that says so, or the one at a place. */
export const withOnePrimary = (values: readonly Resource[], preferred?: number): readonly Resource[] => {
  const primaries = values.flatMap((value, n) => (value['primary'] === true ? [n] : []));
  if (primaries.length < 2) return values;
  const kept = preferred !== undefined && primaries.includes(preferred) ? preferred : primaries.at(-1);
  return values.map((value, n) => (primaries.includes(n) && n !== kept ? { ...value, primary: false } : value));
};

export const isObject = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a message of the protocol, whose names are the same in any case, too. */
export const valueCalled = (body: Resource, name: string): unknown =>
  Object.entries(body).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];

const readParts = (given: Resource, attributes: readonly Attribute[]): Resource => {
  const resource: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const attribute = named(attributes, name);
    if (!attribute || attribute.mutability === 'readOnly') continue;
    const read = readValue(value, attribute);
    if (read !== undefined) resource[attribute.name] = read;
  }
  return resource;
};

const readOne = (value: unknown, attribute: Attribute): unknown => {
  if (value === null || value === undefined || value === '') return undefined;
  switch (attribute.type) {
    case 'complex':
      return readComplex(value, attribute);
    case 'boolean':
      return readBoolean(value, attribute);
    case 'dateTime':
    case 'string':
    case 'reference':
      if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value;
      throw invalid('invalidValue', `"${attribute.name}" has to be a text of up to ${LONGEST_TEXT} characters.`);
  }
};

/** Some directories give the value alone where it is one of several parts: the id of a manager. */
const readComplex = (value: unknown, { name, subAttributes = [] }: Attribute): unknown => {
  const given = typeof value === 'string' && subAttributes.some((each) => each.name === 'value') ? { value } : value;
  if (!isObject(given)) throw invalid('invalidValue', `"${name}" has to be an object.`);
  const read = readParts(given, subAttributes);
  return Object.keys(read).length === 0 ? undefined : read;
};

/** Some directories send `"True"`. */
const readBoolean = (value: unknown, { name }: Attribute): boolean => {
  const text = String(value).toLowerCase();
  if ((typeof value === 'boolean' || typeof value === 'string') && /^(true|false)$/.test(text)) return text === 'true';
  throw invalid('invalidValue', `"${name}" has to be true or false.`);
};

const isBlank = (value: unknown): boolean => value === undefined || (typeof value === 'string' && value.trim() === '');
