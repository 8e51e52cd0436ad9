import { DomainError } from '@rapport/kernel';

/** A filter that cannot be used: says where (0-based character, when it was text), what was found, what was expected. */
export const badFilter = (expected: string, found: string, at?: number): DomainError => {
  const where = at === undefined ? '' : ` at character ${at}`;
  return invalid('filter', `The filter is wrong${where}: found ${found}, expected ${expected}.`);
};

/** A part of a query (`filter`, `sort`, `limit`, `cursor`, …) that cannot be used; the code is `bad-<part>`. */
export const invalid = (part: string, message: string): DomainError =>
  new DomainError('invalid', `bad-${part}`, message, {
    fields: [{ pointer: `/${part}`, code: `bad-${part}`, message }],
  });
