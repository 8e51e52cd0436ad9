import { instantOf } from '@rapport/kernel';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;
/** The form that times are stored in: nothing to convert. */
const CANONICAL = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A date that the calendar has, as `YYYY-MM-DD`; undefined otherwise. */
export const toDate = (text: string): string | undefined => {
  const parts = DATE.exec(text);
  if (!parts) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (day < 1 || day > (DAYS[month - 1] ?? 0)) return undefined;
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return undefined;
  return text;
};

/** An RFC 3339 time in UTC with milliseconds (finer parts are cut off), so that text order is time order. */
export const toTime = (text: string): string | undefined => {
  const canonical = CANONICAL.exec(text);
  if (canonical && toDate(canonical[1]!) !== undefined) return text;
  const upper = text.toUpperCase();
  const parts = TIME.exec(upper);
  if (!parts || toDate(parts[1]!) === undefined) return undefined;
  const milliseconds = instantOf(upper).getTime();
  if (Number.isNaN(milliseconds)) return undefined;
  const utc = new Date(milliseconds).toISOString();
  return utc.length === 24 ? utc : undefined;
};
