import type { Position } from '@rapport/kernel';
import {
  fieldReader,
  searchKey,
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
  /** As it was written. Never looked into by queries. */
  readonly document: Document;
}

type Key = NonNullable<FieldValue>;

export const storedId = (tenant: string, id: string): string => startOfTenant(tenant) + id;

/** How every `_id` of a tenant starts, and no other. */
export const startOfTenant = (tenant: string): string => `${tenant.length}:${tenant}/`;

/** The first text behind all that start with {@link startOfTenant}. */
export const endOfTenant = (tenant: string): string => `${tenant.length}:${tenant}0`;

/** The declared fields as paths into {@link StoredDocument}. They are the only paths that queries name. */
export class StoredFields {
  private readonly readers: readonly (readonly [name: string, type: FieldType, (document: object) => FieldValue])[];

  constructor(readonly declaration: CollectionDeclaration) {
    this.readers = Object.entries(declaration.fields).map(([field, type]) => [
      storedName(field),
      type,
      fieldReader(field, type),
    ]);
  }

  type(field: string): FieldType {
    return this.declaration.fields[field]!;
  }

  key(field: string): string {
    return `keys.${storedName(field)}`;
  }

  /** Where the field's value is as it was written. */
  exact(field: string): string {
    return isText(this.type(field)) ? `texts.${storedName(field)}` : this.key(field);
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
    return { tenant, keys, texts, document };
  }

  /** What has an index, the tenant before it. */
  get indexed(): readonly (readonly string[])[] {
    const { indexes, lookups = [] } = this.declaration;
    return [...indexes, ...lookups];
  }

  /** Each serves its leading fields by equality and the next as a sort, both ways, with `_id` to break ties. */
  indexes(): mongo.IndexDescription[] {
    const { indexed } = this;
    return (indexed.length > 0 ? indexed : [[]]).map((fields) => {
      const keys = this.withOneList(fields).map((field) => [this.key(field), 1] as const);
      return { key: Object.fromEntries([['tenant', 1], ...keys, ['_id', 1]]) };
    });
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
