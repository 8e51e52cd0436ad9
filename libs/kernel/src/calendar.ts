/** A day of the calendar, `2017-03-01`. Days compare as texts. */
export type Day = string;

/** Where people are, as far as the days of their calendar go. Instants are RFC 3339 UTC with milliseconds. */
export interface TimeZone {
  /** A name of the IANA database: `America/Los_Angeles`. */
  readonly name: string;
  /** The day that it is there at an instant. */
  dayOf(instant: string): Day;
  /** Its first instant there. */
  startOf(day: Day): string;
  /**
   * The instant at which clocks there show a time of a day, in milliseconds since midnight: the first where they show it twice,
   * and as if they had not been put forward where they never do.
   */
  at(day: Day, milliseconds: number): string;
  /** The instant at which it is over there; undefined of a day that no calendar has, or after which no other comes. */
  endOf(day: Day): string | undefined;
}

/** Which days it is by. A port: later a tenant's settings may know. */
export interface Calendar {
  /** Says what it is by. Figures that were made by another one are made anew. */
  readonly name: string;
  zoneOf(tenant: string): TimeZone;
}

/** One zone for everybody. */
export const calendarIn = (name: string): Calendar => {
  const zone = timeZone(name);
  return { name, zoneOf: () => zone };
};

export const timeZone = (name: string): TimeZone => {
  if (name === 'UTC') return UTC;
  const format = formatOf(name);
  const dayAt = (milliseconds: number): Day => {
    const parts: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(milliseconds)) parts[type] = value;
    return `${parts['year']!.padStart(4, '0')}-${parts['month']}-${parts['day']}`;
  };
  const startOf = (day: Day): string => new Date(firstOf(day, dayAt)).toISOString();
  return {
    name,
    dayOf: byMinutes(dayAt),
    startOf,
    at: (day, milliseconds) => new Date(instantOn(Date.parse(day) + milliseconds, name)).toISOString(),
    endOf: (day) => (hasNext(day) ? startOf(dayAfter(day)) : undefined),
  };
};

export const dayAfter = (day: Day): Day => UTC.dayOf(new Date(Date.parse(day) + DAY).toISOString());

const DAY = 86_400_000;
const LAST_DAY = '9999-12-31';
const hasNext = (day: Day): boolean => !Number.isNaN(Date.parse(day)) && day < LAST_DAY;

export const UTC: TimeZone = {
  name: 'UTC',
  dayOf: (instant) => instant.slice(0, 10),
  startOf: (day) => `${day}T00:00:00.000Z`,
  at: (day, milliseconds) => new Date(Date.parse(day) + milliseconds).toISOString(),
  endOf: (day) => (hasNext(day) ? UTC.startOf(dayAfter(day)) : undefined),
};

export const UTC_CALENDAR: Calendar = calendarIn('UTC');

const formatOf = (timeZone: string, time: Intl.DateTimeFormatOptions = {}): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-CA-u-ca-iso8601-nu-latn', {
    ...time,
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });

/**
 * The first millisecond whose day is not before: no zone is more than a day from UTC, and days only go on. A day that a zone
 * left out, when it went over the date line, begins with the next one.
 */
const firstOf = (day: Day, dayAt: (milliseconds: number) => Day): number => {
  const midnight = Date.parse(day);
  let [before, from] = [midnight - DAY, midnight + DAY];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayAt(middle) < day) before = middle;
    else from = middle;
  }
  return from;
};

/** @param shown what clocks there show, as if they were in UTC */
const instantOn = (shown: number, timeZone: string): number => {
  const clock = clockOf(timeZone);
  const [before, after] = [shown - DAY, shown + DAY].map((moment) => aheadAt(moment, clock)) as [number, number];
  const [first, second] = [shown - before, shown - after];
  return aheadAt(first, clock) === before || aheadAt(second, clock) !== after ? first : second;
};

/** How far clocks are ahead of UTC at an instant, in milliseconds. */
const aheadAt = (moment: number, clock: Intl.DateTimeFormat): number => {
  const parts: Record<string, string> = {};
  for (const { type, value } of clock.formatToParts(moment)) parts[type] = value;
  const { year, month, day, hour, minute, second } = parts;
  const whole = Math.floor(moment / 1000) * 1000;
  return Date.parse(`${year!.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`) - whole;
};

const clocks = new Map<string, Intl.DateTimeFormat>();

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  const made = (): Intl.DateTimeFormat => formatOf(timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const clock = clocks.get(timeZone) ?? made();
  clocks.set(timeZone, clock);
  return clock;
};

const MOST_REMEMBERED = 10_000;

const MINUTE = 60_000;

/** Since then every zone is whole minutes from UTC, so that the instants of one minute share their day. */
const WHOLE_MINUTES_SINCE = Date.parse('1973-01-01');

const byMinutes = (dayAt: (milliseconds: number) => Day): ((instant: string) => Day) => {
  const known = new Map<number, Day>();
  return (instant) => {
    const milliseconds = Date.parse(instant);
    if (milliseconds < WHOLE_MINUTES_SINCE) return dayAt(milliseconds);
    const minute = Math.floor(milliseconds / MINUTE);
    const day = known.get(minute) ?? dayAt(milliseconds);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(minute, day);
    return day;
  };
};
