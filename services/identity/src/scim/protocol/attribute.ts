/** What a schema of SCIM says of an attribute (RFC 7643, section 7); it is also how `/Schemas` shows it. */
export interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'complex';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable';
  readonly returned: 'always' | 'default';
  readonly uniqueness: 'none' | 'server';
  readonly referenceTypes?: readonly string[];
  readonly canonicalValues?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

export interface Schema {
  /** `urn:ietf:params:scim:schemas:core:2.0:User` */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** A type of resource: its own schema, and those that extend it. */
export interface ResourceType {
  readonly name: 'User' | 'Group';
  readonly endpoint: string;
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
  /** Of the schema, those that every resource has, and each extension as one that is called by its URN. */
  readonly attributes: readonly Attribute[];
}

/** Attributes by their canonical names: JSON as the protocol has it. */
export type Resource = Readonly<Record<string, unknown>>;

type Given = Partial<Omit<Attribute, 'name' | 'description'>>;

/** One that holds a text, if nothing else is said. */
export const attribute = (name: string, description: string, given: Given = {}): Attribute => ({
  ...{ name, type: 'string', multiValued: false, description, required: false, caseExact: false },
  ...{ mutability: 'readWrite', returned: 'default', uniqueness: 'none' },
  ...given,
});

export const complex = (name: string, description: string, subAttributes: readonly Attribute[], given: Given = {}) =>
  attribute(name, description, { ...given, type: 'complex', subAttributes });

const ofEveryResource: readonly Attribute[] = [
  attribute('schemas', 'Which schemas it is of.', { multiValued: true, returned: 'always', mutability: 'readOnly' }),
  attribute('id', 'What Rapport calls it.', { caseExact: true, returned: 'always', mutability: 'readOnly' }),
  attribute('externalId', 'What the directory calls it.', { caseExact: true }),
  complex(
    'meta',
    'What Rapport says of it.',
    [
      attribute('resourceType', 'Which type it is of.', { caseExact: true }),
      attribute('created', 'When it came to be.', { type: 'dateTime' }),
      attribute('lastModified', 'When it was changed for the last time.', { type: 'dateTime' }),
      attribute('location', 'Where it is.', { type: 'reference', caseExact: true, referenceTypes: ['uri'] }),
      attribute('version', 'Its entity tag.', { caseExact: true }),
    ],
    { mutability: 'readOnly' },
  ),
];

export const resourceType = (given: Omit<ResourceType, 'attributes'>): ResourceType => ({
  ...given,
  attributes: [
    ...ofEveryResource,
    ...given.schema.attributes,
    ...given.extensions.map(({ id, description, attributes }) => complex(id, description, attributes)),
  ],
});

/** Names are the same in whichever case they are written. */
export const named = (attributes: readonly Attribute[], name: string): Attribute | undefined =>
  attributes.find((each) => each.name.toLowerCase() === name.toLowerCase());

/**
 * What a path leads through: `name.givenName`, `urn:…:enterprise:2.0:User:manager.value`. Undefined where there is no such
 * attribute.
 */
export const attributesOn = (
  path: string,
  { schema, extensions, attributes }: Pick<ResourceType, 'schema' | 'extensions' | 'attributes'>,
): readonly Attribute[] | undefined => {
  const lower = path.toLowerCase();
  const isOf = ({ id }: Schema): boolean => lower === id.toLowerCase() || lower.startsWith(`${id.toLowerCase()}:`);
  const extension = extensions.find(isOf);
  const prefix = extension ?? (isOf(schema) ? schema : undefined);
  const rest = prefix ? path.slice(prefix.id.length + 1) : path;
  const begun = extension ? [named(attributes, extension.id)!] : [];
  if (rest === '') return begun.length > 0 ? begun : undefined;
  return attributesWithin(rest, begun.at(-1)?.subAttributes ?? attributes, begun);
};

/** The same below an attribute: `value` of `emails`. */
export const attributesWithin = (
  path: string,
  attributes: readonly Attribute[],
  begun: readonly Attribute[] = [],
): readonly Attribute[] | undefined => {
  const found = [...begun];
  let level = attributes;
  for (const name of path.split('.')) {
    const next = named(level, name);
    if (!next) return undefined;
    found.push(next);
    level = next.subAttributes ?? [];
  }
  return found;
};
