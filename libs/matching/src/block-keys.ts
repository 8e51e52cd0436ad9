import { nicknameGroups, nicknamesOf } from './nicknames.js';
import type { Name, Profile } from './person.js';

/**
 * What a person may be found by. Whoever has no key in common with another is never compared, so there are several for every way in
 * which records of one person differ: a slip in a name, names swapped, another house, digits of a date turned round.
 */
export const blockKeys = (person: Profile): readonly string[] => {
  const { first, last, born, place } = person;
  const keys = new Set<string>();
  const add = (kind: string, ...parts: readonly string[]): void => {
    if (parts.every((part) => part !== '')) keys.add(`${kind}:${parts.join(' ')}`);
  };
  person.emails.forEach((email) => add('email', email));
  person.phones.forEach((phone) => add('phone', phone));
  add('born', born);
  for (const initial of initialsOf(first)) add('name', skeleton(last), initial);
  add('name', skeleton(first), last.whole.slice(0, 1));
  for (const name of [first, last]) {
    add('post', place.postalCode, skeleton(name));
    add('year', born.slice(0, 4), skeleton(name));
    add('day', born.slice(4), skeleton(name).slice(0, 2));
    add('house', place.street.slice(0, 4), skeleton(name).slice(0, 2));
    add('city', place.city.slice(0, 4), skeleton(name));
  }
  const number = place.numbers[0] ?? '';
  add('street', place.street.slice(0, 5), number);
  add('door', place.postalCode, number);
  return [...keys];
};

/** With those of the names that it may be short for: Bill is found by W. */
const initialsOf = ({ whole, parts }: Name): ReadonlySet<string> =>
  new Set([whole.slice(0, 1), ...nicknameGroups(parts[0] ?? '').map(String)]);

/** Raise it where {@link nameKeyOf} gives another key for a name than before: lists keep keys. */
export const NAME_KEY_VERSION = 1;

/** The key under which a list finds a name again; nothing where there is no last name. */
export const nameKeyOf = ({ first, last }: Pick<Profile, 'first' | 'last'>): string | undefined =>
  last.whole === '' ? undefined : keyOfName(last, first.whole.slice(0, 1));

/** The keys of those who may be called like this: with its nicknames, the fields swapped, or without a first name. */
export const nameKeysAround = ({ first, last }: Pick<Profile, 'first' | 'last'>): readonly string[] => {
  const straight = last.whole === '' ? [] : [...nicknameInitials(first), ''].map((initial) => keyOfName(last, initial));
  const swapped = first.whole === '' ? [] : [keyOfName(first, last.whole.slice(0, 1))];
  return [...new Set([...straight, ...swapped])];
};

const keyOfName = (name: Name, initial: string): string => `${skeleton(name)} ${initial}`;

const nicknameInitials = ({ whole, parts }: Name): readonly string[] => [
  whole.slice(0, 1),
  ...nicknamesOf(parts[0] ?? '').map((name) => name.slice(0, 1)),
];

/** The first letter and the consonants that follow, doubled ones once: what most slips leave. */
export const skeletonOf = (word: string, letters: number): string =>
  (word.slice(0, 1) + word.slice(1).replace(/[aeiouyhw]/g, '')).replace(/(.)\1+/g, '$1').slice(0, letters);

const SKELETON = 4;

const skeleton = ({ whole }: Name): string => skeletonOf(whole, SKELETON);
