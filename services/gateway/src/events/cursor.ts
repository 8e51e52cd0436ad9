import { DomainError } from '@rapport/kernel';

/** Instead of a cursor, or of a place in one: only what comes next. */
export const NOW = 'now';

/**
 * How far a reader has come in every context: a position there, `now` where that is not known yet, '' for the beginning. A
 * context that is not named is still at its beginning.
 */
export type Places = Readonly<Record<string, string>>;

/** Says the same in one word that means nothing to clients. */
export const cursorOf = (places: Places): string => Buffer.from(JSON.stringify(places)).toString('base64url');

/** @throws DomainError when it was not made here */
export const placesOf = (cursor: string): Places => {
  try {
    const places: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isPlaces(places)) return places;
  } catch {
    // Said below.
  }
  const message = 'The cursor is not one of ours: send back what an event or a page gave, or leave it out.';
  throw new DomainError('invalid', 'malformed-cursor', message, {
    fields: [{ pointer: '/after', code: 'malformed-cursor', message }],
  });
};

const isPlaces = (value: unknown): value is Places =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((place) => typeof place === 'string' && PLACE.test(place));

/** Anything else would be compared with positions and lie behind all of them, for ever. */
const PLACE = /^(?:[0-9]{20}|now)?$/;
