import { type TimeZone, UTC } from '@rapport/kernel';
import { type Parsed, parsed, refused } from './cell-problem.js';
import { isWeekday, monthNamed } from './names-of-days.js';

/** Which of two numbers before a year is the month. */
export type DateOrder = 'mdy' | 'dmy';

/** `ambiguous`: the file's own dates do not tell. `iso`: only year-month-day is taken. */
export type DateReading = DateOrder | 'iso' | 'ambiguous';

interface Written {
  readonly year: number;
  /** Month and day, or the two numbers whose order is open. */
  readonly first: number;
  readonly second: number;
  readonly order: 'ymd' | 'dmy' | 'open';
  readonly time?: string;
}

const ZONE = String.raw`(?:Z|(?:Z|UTC|GMT)? ?[+-]\d{2}:?\d{2}|UTC|GMT)`;
const TIME = String.raw`(?:(?:T|,? +)(?<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)? ?(?:[AaPp][Mm])? ?${ZONE}?))?`;
const YEAR_FIRST = new RegExp(
  String.raw`^(?<year>\d{4})(?<mark>[-/.])(?<first>\d{1,2})\k<mark>(?<second>\d{1,2})${TIME}$`,
);
const YEAR_LAST = new RegExp(
  String.raw`^(?<first>\d{1,2})(?<mark>[-/.])(?<second>\d{1,2})\k<mark>(?<year>\d{4})${TIME}$`,
);
const DIGITS = /^(?<year>\d{4})(?<first>\d{2})(?<second>\d{2})$/;

/** With the month's name, its day before or behind it: `1. März 2017`, `1er mars 2017`, `1 de marzo de 2017`, `March 1st, 2017`. */
const DAY = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th|er|[.ºª])?`;
const MONTH = String.raw`(?<month>\p{L}+)\.?`;
const BETWEEN = String.raw`(?:[ ,./-]+(?:(?:of|de|del) +)?)`;
const NAMED = [
  new RegExp(`^${DAY}${BETWEEN}${MONTH}${BETWEEN}(?<year>\\d{4}|(?<=-)\\d{2})${TIME}$`, 'iu'),
  new RegExp(`^${MONTH}${BETWEEN}${DAY}${BETWEEN}(?<year>\\d{4})${TIME}$`, 'iu'),
  new RegExp(`^(?<year>\\d{4})${BETWEEN}${MONTH}${BETWEEN}${DAY}${TIME}$`, 'iu'),
];
const WEEKDAY = /^(\p{L}+)\.?,? +/u;
const ODD_SPACES = /[\u00a0\u202f]/g;
/** Excel writes `15-Apr-21`, and takes what is before 30 for this century. */
const LAST_SHORT_YEAR = 29;

const written = (given: string): Written | undefined => {
  const text = given.replace(ODD_SPACES, ' ');
  const match = YEAR_FIRST.exec(text) ?? YEAR_LAST.exec(text) ?? DIGITS.exec(text);
  if (!match?.groups) return named(text);
  const { year, first, second, mark, time } = match.groups as Record<string, string | undefined>;
  const yearFirst = /^\d{4}/.test(text);
  return {
    year: Number(year),
    first: Number(first),
    second: Number(second),
    // With dots only day.month.year is in use.
    order: yearFirst ? 'ymd' : mark === '.' ? 'dmy' : 'open',
    ...(time === undefined ? {} : { time }),
  };
};

const named = (text: string): Written | undefined => {
  const groups = partsOf(text) ?? partsOf(text.replace(WEEKDAY, (all, word: string) => (isWeekday(word) ? '' : all)));
  if (!groups) return undefined;
  const { year, month, day, time } = groups;
  const isShort = year!.length === 2;
  if (isShort && Number(year) > LAST_SHORT_YEAR) return undefined;
  return {
    year: Number(year) + (isShort ? 2000 : 0),
    first: monthNamed(month!)!,
    second: Number(day),
    order: 'ymd',
    ...(time === undefined ? {} : { time }),
  };
};

/** `mar` is March, or a Tuesday before the day. */
const partsOf = (text: string): Record<string, string | undefined> | undefined =>
  NAMED.map((form) => form.exec(text)?.groups).find((groups) => groups && monthNamed(groups['month']!) !== undefined);

/** Which order a numeric date can only have; `undefined` when it says nothing. */
export const orderOf = (text: string): DateOrder | undefined => {
  const date = written(text);
  if (date?.order !== 'open') return undefined;
  if (date.first > 12 && date.second <= 12) return 'dmy';
  return date.second > 12 && date.first <= 12 ? 'mdy' : undefined;
};

/** A calendar day `2017-03-01` as it is written: a time and a zone behind it do not move it. */
export const parseDate = (text: string, reading: DateReading): Parsed<string> => {
  const date = written(text);
  return date ? dayOf(date, reading) : unreadable(text);
};

/**
 * An instant in RFC 3339 UTC. Without a zone the reader's is meant, without a time the beginning of the day. An offset behind
 * a `Z` (`12:00:00Z-0300`, as some exporters write) counts.
 */
export const parseInstant = (text: string, reading: DateReading, zone: TimeZone = UTC): Parsed<string> => {
  const date = written(text);
  if (!date) return unreadable(text);
  const day = dayOf(date, reading);
  if ('problem' in day || date.time === undefined) return 'problem' in day ? day : parsed(zone.startOf(day.value));
  const time = timeOf(date.time);
  if (time === undefined) return refused('bad-time', 'has no such time of day. Write it as 2017-03-01T14:30:00Z.');
  return parsed((time.named ? UTC : zone).at(day.value, time.milliseconds));
};

const dayOf = (date: Written, reading: DateReading): Parsed<string> => {
  if (date.order === 'ymd') return calendarDay(date.year, date.first, date.second);
  if (reading === 'iso')
    return refused('not-iso', 'is not written year-month-day. Write 2017-03-01, or choose another order of dates.');
  const order = date.order === 'dmy' ? 'dmy' : reading === 'ambiguous' ? onlyOrder(date) : reading;
  if (order === 'mdy') return calendarDay(date.year, date.first, date.second);
  if (order === 'dmy') return calendarDay(date.year, date.second, date.first);
  const days = [calendarDay(date.year, date.first, date.second), calendarDay(date.year, date.second, date.first)];
  const meanings = days.map((day) => ('value' in day ? day.value : 'no day')).join(' or ');
  return refused('ambiguous-date', `could be ${meanings}. Set the order of dates to mdy or dmy.`);
};

/** Where both readings give the same day, or only one gives any, there is nothing to guess. */
const onlyOrder = ({ first, second }: Written): DateOrder | undefined => {
  if (first === second || second > 12) return 'mdy';
  return first > 12 ? 'dmy' : undefined;
};

const calendarDay = (year: number, month: number, day: number): Parsed<string> => {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1000;
  return real
    ? parsed(date.toISOString().slice(0, 10))
    : refused('bad-date', 'is no day of the calendar. Mend it, or set the order of dates.');
};

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?([AaPp][Mm])?/;

interface TimeOfDay {
  /** Since midnight, of UTC where a zone is named; an offset may bring it before or behind the day. */
  readonly milliseconds: number;
  readonly named: boolean;
}

const timeOf = (time: string): TimeOfDay | undefined => {
  const [all, h, m, s = '0', fraction = '0', half] = CLOCK.exec(time)!;
  const hours = half ? (Number(h) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(h);
  if (hours > 23 || Number(m) > 59 || Number(s) > 59 || (half && (Number(h) > 12 || Number(h) < 1))) return undefined;
  const offset = /([+-])(\d{2}):?(\d{2})$/.exec(time.slice(all.length));
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  if (Math.abs(minutes) > 14 * 60) return undefined;
  const whole = ((hours * 60 + Number(m) - minutes) * 60 + Number(s)) * 1000;
  return {
    milliseconds: whole + Math.floor(Number(`0.${fraction}`) * 1000),
    named: time.slice(all.length).trim() !== '',
  };
};

const unreadable = (text: string): { problem: { code: string; message: string } } =>
  /^\d{1,2}([-/.])(?:\d{1,2}|\p{L}+)\1\d{2}$/u.test(text)
    ? refused('two-digit-year', 'has a year of two digits. Write four.')
    : refused('bad-date', 'is no date. Write it as 2017-03-01, 3/1/2017, 1.3.2017 or 1 March 2017.');
