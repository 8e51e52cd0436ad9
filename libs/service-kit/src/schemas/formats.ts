import { isId } from '@rapport/kernel';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/;
const NOT_IN_PHONES = /[@\p{Cc}\p{Zl}\p{Zp}]/u;
const DIGIT = /\p{Nd}/gu;
const FEWEST_DIGITS = 3;
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** A day that the calendar has: no 30th of February. */
export const isDate = (text: string): boolean => {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};

export const isDateTime = (text: string): boolean =>
  text.length <= 40 &&
  (text[10] === 'T' || text[10] === 't') &&
  isDate(text.slice(0, 10)) &&
  TIME.test(text.slice(11).toUpperCase());

/** Numbers that can be dialled, however people write them: `(020) 7946-0000 ext. 12`, `1-800-FLOWERS`, `112`. */
const isPhone = (text: string): boolean =>
  !NOT_IN_PHONES.test(text) && (text.match(DIGIT)?.length ?? 0) >= FEWEST_DIGITS;

/** The words of `FieldRules.format`: each linear in the length of the text, since everybody may send one. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  'date-time': isDateTime,
  instant: (text) => isDate(text) || isDateTime(text),
  email: (text) => EMAIL.test(text),
  phone: isPhone,
  uuid: isId,
  uri: (text) => URL.canParse(text),
  currency: (text) => currencies.has(text),
};

/** What to write instead, for people. */
export const formatHints: Readonly<Record<string, string>> = {
  date: 'a date such as 2017-03-01',
  'date-time': 'a time such as 2017-03-01T09:30:00Z (RFC 3339)',
  instant: 'a date such as 2017-03-01 or a time such as 2017-03-01T09:30:00Z',
  email: 'an e-mail address such as ada@example.org',
  phone: 'a telephone number such as +44 20 7946 0000',
  uuid: 'an id (a UUID in lower case)',
  uri: 'an address such as https://example.org/',
  currency: 'a currency code of ISO 4217 such as USD',
};
