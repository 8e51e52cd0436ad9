import { hash } from 'node:crypto';
import { invalid } from '../filter/filter-problem.js';
import type { SortValue } from '../filter/field-value.js';

/** Where a page ended: the last document's sort values, then its id. */
export interface CursorPlace {
  readonly values: readonly SortValue[];
  readonly id: string;
}

/** Writes a place for one query (`asked`: everything it says). Opaque to clients; the digest ties it to the query. */
export const encodeCursor = (asked: string, { values, id }: CursorPlace): string => {
  const place = JSON.stringify([...values, id]);
  return Buffer.from(digest(asked, place) + place).toString('base64url');
};

/** Reads a cursor of the same query with `length` sort values; anything else is refused as invalid. */
export const decodeCursor = (asked: string, length: number, cursor: string): CursorPlace => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = text.slice(DIGEST_LENGTH);
  const values = text.slice(0, DIGEST_LENGTH) === digest(asked, place) ? parsePlace(place) : undefined;
  const id = values?.pop();
  if (values?.length !== length || typeof id !== 'string') {
    throw invalid('cursor', 'The cursor does not belong to this query. Start again without a cursor.');
  }
  return { values, id };
};

const DIGEST_LENGTH = 16;

const digest = (asked: string, place: string): string =>
  hash('sha256', `${asked.length}:${asked}${place}`, 'base64url').slice(0, DIGEST_LENGTH);

/** Text behind a right digest was ours; a forger who computes the digest still gets no further than this shape. */
const parsePlace = (text: string): SortValue[] | undefined => {
  try {
    const place: unknown = JSON.parse(text);
    return Array.isArray(place) && place.every(isSortValue) ? place : undefined;
  } catch {
    return undefined;
  }
};

const isSortValue = (value: unknown): value is SortValue =>
  value === null || typeof value === 'string' || typeof value === 'number';
