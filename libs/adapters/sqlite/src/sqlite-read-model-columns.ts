import {
  fieldReader,
  openNames,
  searchKey,
  withOpenFields,
  type CollectionDeclaration,
  type FieldType,
  type FieldValue,
} from '@rapport/read-models';
import type { FieldColumns } from './sqlite-read-model-field-columns.js';
import { listText } from './sqlite-read-model-lists.js';
import { entriesStatement, OPEN_COLUMN, openColumns, openText } from './sqlite-read-model-open.js';

/** An index over the keys of some fields. */
export interface DeclaredIndex {
  readonly fields: readonly string[];
  /** What its name ends with, see {@link indexName}. */
  readonly ending: string;
  /** Has no entries for documents without the first field: it leads to values, and orders only what has one of them. */
  readonly partial: boolean;
}

export type ColumnValue = string | number | null;

/** The columns of a declaration, and a document's values for them. Names come from places, never from declarations. */
export class ReadModelColumns {
  readonly fields: ReadonlyMap<string, FieldColumns>;
  /** Every column of a declared field, with its SQLite type, in the order of {@link valuesOf}. */
  readonly names: readonly string[];
  readonly types: readonly string[];
  /** What lists are ordered by first, then what they are only narrowed by. */
  readonly indexes: readonly DeclaredIndex[];
  /** The columns that a write may change: the position, then the declared ones, then the document. */
  readonly written: readonly string[];
  /** With the fields of a tenant that are asked for. */
  readonly declaration: CollectionDeclaration;
  private readonly open: readonly string[];
  private readonly readers: readonly (readonly [read: (document: object) => FieldValue, type: FieldType])[];

  constructor(
    private readonly stored: CollectionDeclaration,
    open: CollectionDeclaration['fields'] = {},
  ) {
    const { fields: declared, indexes, lookups = [] } = stored;
    const columns = Object.entries(declared).map(([field, type], i) => {
      const key = hasKey(type) ? `k${i}` : `v${i}`;
      return { field, type, value: `v${i}`, key };
    });
    const opened = Object.entries(open).map(([field, type]) => openColumns(field, type));
    this.fields = new Map([...columns, ...opened].map((column) => [column.field, column]));
    this.declaration = withOpenFields(stored, open);
    this.open = openNames(stored);
    this.readers = columns.map(({ field, type }) => [fieldReader(field, type), type]);
    const last = stored.open === undefined ? [] : [OPEN_COLUMN];
    this.names = [...columns.flatMap(({ value, key }) => (value === key ? [value] : [value, key])), ...last];
    this.written = ['position', ...this.names, 'document'];
    this.indexes = [
      ...indexes.map((fields, i) => ({ fields, ending: `by_${i}`, partial: false })),
      ...lookups.map((fields, i) => ({ fields, ending: `of_${i}`, partial: true })),
    ];
    this.types = [
      ...columns.flatMap(({ type }) => (hasKey(type) ? ['TEXT', 'TEXT'] : [COLUMN_TYPES[type]])),
      ...last.map(() => 'TEXT'),
    ];
  }

  /** Where what documents say in fields of their tenants lies among {@link written}; undefined where they say nothing in such. */
  get openAt(): number | undefined {
    return this.stored.open === undefined ? undefined : this.written.length - 2;
  }

  /** The same, asked for fields of a tenant as well. */
  with(fields: CollectionDeclaration['fields']): ReadModelColumns {
    return new ReadModelColumns(this.stored, fields);
  }

  of(field: string): FieldColumns {
    return this.fields.get(field)!;
  }

  valuesOf(document: object): ColumnValue[] {
    const values: ColumnValue[] = [];
    for (const [read, type] of this.readers) append(values, read(document), hasKey(type));
    if (this.stored.open !== undefined) values.push(openText(document, this.open));
    return values;
  }

  /** `CREATE TABLE` statements. */
  tables(table: string): readonly string[] {
    const columns = this.names.map((name, i) => `${name} ${this.types[i]}`);
    const fixed = ['tenant TEXT NOT NULL', 'id TEXT NOT NULL', 'position TEXT NOT NULL'];
    const definitions = [...fixed, ...columns, 'document TEXT NOT NULL', 'PRIMARY KEY (tenant, id)'];
    const documents = `CREATE TABLE ${table} (${definitions.join(', ')}) STRICT`;
    return this.stored.open === undefined ? [documents] : [documents, entriesStatement(table)];
  }

  /** `CREATE INDEX` statements, by the index. They are over the keys: these serve sorting, prefixes and equality. */
  indexStatements(table: string): ReadonlyMap<string, string> {
    const statements = this.indexes.map((index): [string, string] => {
      const [name, keys] = [indexName(table, index), index.fields.map((field) => this.of(field).key)];
      const some = index.partial ? ` WHERE ${keys[0]} IS NOT NULL` : '';
      return [name, `CREATE INDEX ${name} ON ${table} (tenant, ${keys.join(', ')}, id)${some}`];
    });
    return new Map(statements);
  }
}

/** The index that SQLite makes for the primary key. */
export const keyIndexName = (table: string): string => `sqlite_autoindex_${table}_1`;

export const indexName = (table: string, { ending }: DeclaredIndex): string => `${table}_${ending}`;

const hasKey = (type: FieldType): boolean => type === 'text' || type === 'texts';

const COLUMN_TYPES = {
  text: 'TEXT',
  texts: 'TEXT',
  number: 'REAL',
  boolean: 'INTEGER',
  date: 'TEXT',
  time: 'TEXT',
} as const;

const append = (values: ColumnValue[], value: FieldValue, keyed: boolean): void => {
  if (typeof value === 'string') values.push(value);
  else if (value === null || typeof value !== 'object') values.push(value === null ? null : Number(value));
  else values.push(listText(value));
  if (keyed) values.push(keyText(value));
};

const keyText = (value: FieldValue): string | null => {
  if (typeof value === 'string') return searchKey(value);
  return value === null ? null : listText((value as readonly string[]).map(searchKey));
};
