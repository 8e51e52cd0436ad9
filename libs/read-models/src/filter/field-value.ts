import type { FieldType } from '../read-model-store.js';
import { searchKey, wellFormed } from './search-key.js';
import { toDate, toTime } from './date-and-time.js';

/** A declared field as engines store and compare it; null is missing. */
export type FieldValue = string | number | boolean | readonly string[] | null;

/** What a document sorts by: a text's search key, 0 and 1 for booleans. */
export type SortValue = string | number | null;

/**
 * Reads one declared field of a document. A value that is not of the declared type counts as missing, so do null, an
 * empty list and a number that is not finite. Only a document's own properties are looked at. Times come in UTC milliseconds.
 */
export const fieldReader = (path: string, type: FieldType): ((document: object) => FieldValue) => {
  const typed = READ[type];
  const [first, second, ...steps] = path.split('.') as [string, ...string[]];
  if (second === undefined) return (document) => typed(step(document, path));
  // A field that a tenant has given its documents is one property: `custom.priority`.
  const together = `${first}.${second}`;
  return (document) => {
    let value = Object.hasOwn(document, first) ? step(step(document, first), second) : step(document, together);
    for (const name of steps) value = step(value, name);
    return typed(value);
  };
};

/** What a value is to a field of a type; null where it is not of that type. */
export const valueAs = (type: FieldType, value: unknown): FieldValue => READ[type](value);

export const sortReader = (path: string, type: FieldType): ((document: object) => SortValue) => {
  const read = fieldReader(path, type) as (document: object) => string | number | boolean | null;
  return (document) => {
    const value = read(document);
    if (typeof value === 'string') return type === 'text' ? searchKey(value) : value;
    return typeof value === 'boolean' ? Number(value) : value;
  };
};

const step = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

const READ: Readonly<Record<FieldType, (value: unknown) => FieldValue>> = {
  text: (value) => (typeof value === 'string' ? wellFormed(value) : null),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  date: (value) => (typeof value === 'string' ? (toDate(value) ?? null) : null),
  time: (value) => (typeof value === 'string' ? (toTime(value) ?? null) : null),
  texts: (value) => {
    if (!Array.isArray(value)) return null;
    const texts = value.filter((element) => typeof element === 'string').map(wellFormed);
    return texts.length > 0 ? texts : null;
  },
};
