import { searchKey, valueAs, type FieldType } from '@rapport/read-models';
import type { FieldColumns } from './sqlite-read-model-field-columns.js';
import { listText } from './sqlite-read-model-lists.js';

/**
 * Fields of tenants have no columns. What a document says in them lies in one column as JSON, by type and field
 * (`number:custom.priority`), so that a value which is of another type than is asked for is missing; and, for what has an order
 * or is looked up, as entries of a table beside.
 */
export const OPEN_COLUMN = 'open';

export const entriesTable = (table: string): string => `${table}_open`;

/** A `CREATE TABLE` statement. Entries tell where to look, so of a long text the beginning is enough. */
export const entriesStatement = (table: string): string =>
  `CREATE TABLE ${entriesTable(table)} (tenant TEXT NOT NULL, field TEXT NOT NULL, value ANY NOT NULL, id TEXT NOT NULL,
     PRIMARY KEY (tenant, field, value, id)) STRICT, WITHOUT ROWID`;

/** How an entry of a field is called. */
export const entryField = ({ field, type }: Pick<FieldColumns, 'field' | 'type'>): string => `${type}:${field}`;

const LONGEST_ENTRY = 200;

export const entryValue = (value: string | number): string | number =>
  typeof value === 'string' && value.length > LONGEST_ENTRY ? [...value].slice(0, LONGEST_ENTRY).join('') : value;

/** An open field in the place of a column. Its name has passed the port's check, so it can be written into SQL. */
export const openColumns = (field: string, type: FieldType): FieldColumns => {
  const value = extracted(`${type}:${field}`);
  const keyed = type === 'text' || type === 'texts';
  return { field, type, value, key: keyed ? extracted(`${type} key:${field}`) : value, open: true };
};

const extracted = (name: string): string => `json_extract(${OPEN_COLUMN}, '$."${name}"')`;

/** What goes into the column; null where a document says nothing in fields of its tenant. */
export const openText = (document: object, open: readonly string[]): string | null => {
  const starts = open.map((name) => `${name}.`);
  let said: Record<string, string | number> | undefined;
  for (const name of Object.keys(document)) {
    if (!starts.some((start) => name.startsWith(start))) continue;
    const value = (document as Record<string, unknown>)[name];
    said ??= {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) say(said, name, value);
    else for (const [inner, each] of Object.entries(value)) say(said, `${name}.${inner}`, each);
  }
  return said === undefined ? null : JSON.stringify(said);
};

const TYPES = ['text', 'number', 'boolean', 'date', 'time', 'texts'] as const satisfies readonly FieldType[];

const say = (said: Record<string, string | number>, field: string, given: unknown): void => {
  for (const type of TYPES) {
    const value = valueAs(type, given);
    if (value === null) continue;
    if (typeof value === 'object') {
      said[`${type}:${field}`] = listText(value);
      said[`${type} key:${field}`] = listText(value.map(searchKey));
    } else {
      said[`${type}:${field}`] = typeof value === 'boolean' ? Number(value) : value;
      if (type === 'text') said[`${type} key:${field}`] = searchKey(String(value));
    }
  }
};

type Entry = readonly [field: string, value: string | number];

/** What of a column's text is entered: numbers, days and times as they are, of texts and lists the keys; booleans narrow too little. */
export const entriesIn = (text: string): readonly Entry[] =>
  Object.entries(JSON.parse(text) as Record<string, string | number>).flatMap(([name, value]): readonly Entry[] => {
    if (name.startsWith('text key:')) return [[name.replace(' key', ''), entryValue(value)]];
    if (name.startsWith('texts key:')) {
      const elements = new Set(elementsOf(String(value)).map(entryValue));
      return [...elements].map((element) => [name.replace(' key', ''), element]);
    }
    return /^(number|date|time):/.test(name) ? [[name, value]] : [];
  });

const elementsOf = (list: string): readonly string[] =>
  list
    .split('\n')
    .filter((element) => element !== '')
    .map((element) => JSON.parse(element) as string);
