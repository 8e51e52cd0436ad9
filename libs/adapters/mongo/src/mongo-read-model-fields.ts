import type { Position } from '@rapport/kernel';
import {
  fieldReader,
  openNames,
  searchKey,
  valueAs,
  withOpenFields,
  type CollectionDeclaration,
  type Document,
  type FieldType,
  type FieldValue,
} from '@rapport/read-models';
import type { mongo } from 'mongoose';

/** A document of a read model as MongoDB holds it. A removed one keeps `_id` and `position` alone, and so has no tenant. */
export interface StoredDocument extends Partial<StoredContent> {
  /** `<length of tenant>:<tenant>/<id>`, by which the documents of a tenant are in the order of their ids. */
  readonly _id: string;
  readonly position: Position;
}

export interface StoredContent {
  readonly tenant: string;
  /** What declared fields are sorted and searched by, texts as search keys; a missing field is left out. */
  readonly keys: Readonly<Record<string, Key>>;
  /** The texts among them as they are. */
  readonly texts: Readonly<Record<string, string | readonly string[]>>;
  /** What is said in fields of the tenant, by `<tenant>/<type>:<field>`: by these an index leads to documents. */
  readonly open?: readonly OpenEntry[];
  /** As it was written. Never looked into by queries. */
  readonly document: Document;
}

type Key = NonNullable<FieldValue>;

interface OpenEntry {
  readonly field: string;
  readonly value: Key;
}

export const storedId = (tenant: string, id: string): string => startOfTenant(tenant) + id;

/** How every `_id` of a tenant starts, and no other. */
export const startOfTenant = (tenant: string): string => `${tenant.length}:${tenant}/`;

/** The first text behind all that start with {@link startOfTenant}. */
export const endOfTenant = (tenant: string): string => `${tenant.length}:${tenant}0`;

/** The declared fields as paths into {@link StoredDocument}. They are the only paths that queries name. */
export class StoredFields {
  private readonly readers: readonly (readonly [name: string, type: FieldType, (document: object) => FieldValue])[];

  /** With the fields of a tenant that are asked for. */
  readonly declaration: CollectionDeclaration;

  constructor(
    private readonly stored: CollectionDeclaration,
    open: CollectionDeclaration['fields'] = {},
  ) {
    this.declaration = withOpenFields(stored, open);
    this.readers = Object.entries(stored.fields).map(([field, type]) => [
      storedName(field),
      type,
      fieldReader(field, type),
    ]);
  }

  type(field: string): FieldType {
    return this.declaration.fields[field]!;
  }

  /** The same, asked for fields of a tenant as well. */
  with(fields: CollectionDeclaration['fields']): StoredFields {
    return new StoredFields(this.stored, fields);
  }

  isOpen(field: string): boolean {
    return !Object.hasOwn(this.stored.fields, field);
  }

  key(field: string): string {
    return `keys.${this.name(field)}`;
  }

  /** Where the field's value is as it was written. */
  exact(field: string): string {
    return isText(this.type(field)) ? `texts.${this.name(field)}` : this.key(field);
  }

  /** How entries of an open field are called. */
  entry(tenant: string, field: string): string {
    return `${tenant}/${openName(this.type(field), field)}`;
  }

  /** What is of another type than it is asked for as lies elsewhere, and so is missing. */
  private name(field: string): string {
    return this.isOpen(field) ? storedName(openName(this.type(field), field)) : storedName(field);
  }

  contentOf(tenant: string, document: Document): StoredContent {
    const keys: Record<string, Key> = {};
    const texts: Record<string, string | readonly string[]> = {};
    for (const [name, type, read] of this.readers) {
      const value = read(document);
      if (value === null) continue;
      if (!isText(type)) keys[name] = value;
      else if (typeof value === 'string') keys[name] = searchKey((texts[name] = value));
      else keys[name] = (texts[name] = value as readonly string[]).map(searchKey);
    }
    const open = openEntries({ tenant, keys, texts }, document, openNames(this.stored));
    return { tenant, keys, texts, ...(open.length > 0 && { open }), document };
  }

  /** What has an index, the tenant before it. */
  get indexed(): readonly (readonly string[])[] {
    const { indexes, lookups = [] } = this.declaration;
    return [...indexes, ...lookups];
  }

  /** Each serves its leading fields by equality and the next as a sort, both ways, with `_id` to break ties. */
  indexes(): mongo.IndexDescription[] {
    const { indexed } = this;
    const declared = (indexed.length > 0 ? indexed : [[]]).map((fields): mongo.IndexDescription => {
      const keys = this.withOneList(fields).map((field) => [this.key(field), 1] as const);
      return { key: Object.fromEntries([['tenant', 1], ...keys, ['_id', 1]]) };
    });
    if (this.stored.open === undefined) return declared;
    // Sparse: nothing is entered for a document that says nothing in such fields.
    return [...declared, { key: { 'open.field': 1, 'open.value': 1 }, sparse: true }];
  }

  /** MongoDB refuses documents with two lists in one index: it ends before the second. */
  private withOneList(fields: readonly string[]): readonly string[] {
    const second = fields.filter((field) => this.type(field) === 'texts')[1];
    return second === undefined ? fields : fields.slice(0, fields.lastIndexOf(second));
  }
}

const isText = (type: FieldType): boolean => type === 'text' || type === 'texts';

/** A dot would make a nested field of it. */
const storedName = (field: string): string => field.replaceAll('.', '/');

/** By type and field, so that a value is found as what it is. */
const openName = (type: FieldType, field: string): string => `${type}:${field}`;

const TYPES = ['text', 'number', 'boolean', 'date', 'time', 'texts'] as const satisfies readonly FieldType[];

interface Said {
  readonly tenant: string;
  readonly keys: Record<string, Key>;
  readonly texts: Record<string, string | readonly string[]>;
}

/** Adds what a document says in fields of its tenant to its keys and texts, and answers what leads to it. */
const openEntries = (
  { tenant, keys, texts }: Said,
  document: object,
  open: readonly string[],
): readonly OpenEntry[] => {
  const entries: OpenEntry[] = [];
  for (const [field, given] of open.flatMap((name) => openValues(document, `${name}.`))) {
    for (const type of TYPES) {
      const value = valueAs(type, given);
      if (value === null) continue;
      const name = openName(type, field);
      const stored = storedName(name);
      const key = (keys[stored] = !isText(type)
        ? value
        : typeof value === 'string'
          ? searchKey(value)
          : (value as readonly string[]).map(searchKey));
      if (isText(type)) texts[stored] = value as string | readonly string[];
      if (type === 'boolean') continue;
      const entered = Array.isArray(key) ? [...new Set(key as readonly string[])] : [key];
      entries.push(...entered.map((each) => ({ field: `${tenant}/${name}`, value: entryValue(each) })));
    }
  }
  return entries;
};

/** Also of what lies one step further inside: the amount of money. */
const openValues = (document: object, start: string): readonly (readonly [field: string, value: unknown])[] =>
  Object.entries(document).flatMap(([field, value]: [string, unknown]): (readonly [string, unknown])[] => {
    if (!field.startsWith(start)) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[field, value]];
    return Object.entries(value).map(([inner, each]) => [`${field}.${inner}`, each]);
  });

const LONGEST_ENTRY = 200;

/** Entries tell where to look, so of a long text the beginning is enough. */
export const entryValue = <V>(value: V): V =>
  typeof value === 'string' && value.length > LONGEST_ENTRY
    ? ([...value].slice(0, LONGEST_ENTRY).join('') as V)
    : value;
