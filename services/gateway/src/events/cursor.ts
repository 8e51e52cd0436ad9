import { DomainError } from '@rapport/kernel';

/** Instead of a cursor, or of a place in one: only what comes next. */
export const NOW = 'now';

/**
 * How far a reader has come in every context: a position there, `now` where that is not known yet, '' for the beginning. A
 * context that is not named is still at its beginning.
 */
export type Places = Readonly<Record<string, string>>;

/** How far somebody has come, and which rights (`policyVersion` of libs/access) decided what there was to see. */
export interface Progress {
  readonly places: Places;
  readonly rights: string;
}

/** No context is called so. */
const RIGHTS = '@rights';

/** Says the same in one word that means nothing to clients. */
export const cursorOf = ({ places, rights }: Progress): string =>
  Buffer.from(JSON.stringify({ ...places, ...(rights !== '' && { [RIGHTS]: rights }) })).toString('base64url');

/** @throws DomainError when it was not made here */
export const progressIn = (cursor: string): Progress => {
  try {
    const told: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const { [RIGHTS]: rights = '', ...places } = told as Places;
    if (!Array.isArray(told) && typeof rights === 'string' && isPlaces(places)) return { places, rights };
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
  Object.values(value).every((place) => typeof place === 'string' && PLACE.test(place));

/** Anything else would be compared with positions and lie behind all of them, for ever. */
const PLACE = /^(?:[0-9]{20}|now)?$/;
