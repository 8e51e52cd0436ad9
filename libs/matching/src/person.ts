import { emailKeyOf, phoneKeyOf } from '@rapport/kernel';
import { squeezed, wordsOf } from './folded.js';
import { type Lettered, lettersOf } from './letters.js';
import { type Address, type Place, placeOf } from './place.js';

/** What is known about somebody. Everything may be missing, and empty texts are missing. */
export interface Person {
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly phones?: readonly string[] | undefined;
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string | undefined;
  readonly address?: Address | undefined;
  /** Of the company that the person works for: `acme.example`. */
  readonly accountDomain?: string | undefined;
}

/** A name as it is compared. */
export interface Name {
  /** Without blanks; empty where the name is unknown. */
  readonly whole: string;
  readonly parts: readonly string[];
  /** See {@link lettersOf}. */
  readonly letters: number;
}

/** What stands before the @ of an address. */
export interface LocalPart extends Lettered {
  /** Several people answer it: `info`. */
  readonly isOffice: boolean;
}

/** A person made ready for comparing, once for any number of comparisons. */
export interface Profile {
  readonly first: Name;
  readonly last: Name;
  readonly emails: readonly string[];
  /** Of those addresses, in their order. */
  readonly locals: readonly LocalPart[];
  readonly phones: readonly string[];
  /** `YYYYMMDD`; empty where it is unknown. */
  readonly born: string;
  readonly place: Place;
  readonly domain: string;
}

export const profileOf = (person: Person): Profile => {
  const emails = each(person.emails, emailKeyOf);
  return {
    first: nameOf(person.firstName),
    last: nameOf(person.lastName),
    emails,
    locals: emails.map(localPartOf),
    phones: each(person.phones, phoneEndOf),
    born: (person.birthDate ?? '').replace(/\D/g, ''),
    place: placeOf(person.address ?? {}),
    domain: (person.accountDomain ?? '').toLowerCase(),
  };
};

/** A name made ready for comparing. */
export const nameOf = (name: string | undefined): Name => {
  const whole = squeezed(name);
  return { whole, parts: wordsOf(name), letters: lettersOf(whole) };
};

/** Addresses of offices, which several people answer. */
const OFFICES = new Set(
  'info sales office contact mail hello support admin accounts billing service team post reception enquiries kontakt buero'.split(
    ' ',
  ),
);

const localPartOf = (email: string): LocalPart => {
  const text = email.slice(0, Math.max(0, email.lastIndexOf('@')));
  return { text, letters: lettersOf(text), isOffice: OFFICES.has(text) };
};

const each = (texts: readonly string[] | undefined, keyOf: (text: string) => string): readonly string[] =>
  texts === undefined ? NONE : [...new Set(texts.map(keyOf).filter((key) => key !== ''))];

const NONE: readonly string[] = [];
/** Country codes and the zero that stands for them lie before these. Numbers with fewer digits are extensions or typing mistakes. */
const TOLD_APART_BY = 9;
const LEAST_DIGITS = 7;

/** Raise it where {@link phoneEndOf} gives another end for a number than before: lists keep ends. */
export const PHONE_END_VERSION = 1;

/** The end of a number, by which "+44 20 7946 0000" and "020 7946 0000" are one; empty for what is no number. */
export const phoneEndOf = (phone: string): string => {
  const digits = phoneKeyOf(phone.replace(/(?:ext|x|#).*$/i, '')).replace('+', '');
  return digits.length < LEAST_DIGITS ? '' : digits.slice(-TOLD_APART_BY);
};
