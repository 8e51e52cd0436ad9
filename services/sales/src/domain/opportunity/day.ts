/** A UTC day, `2017-03-01`. Days compare as texts. */
export type Day = string;

const MILLISECONDS = 86_400_000;

/** The day of an RFC 3339 UTC instant. */
export const dayOf = (instant: string): Day => instant.slice(0, 10);

/** Its first instant. */
export const startOf = (day: Day): string => `${day}T00:00:00.000Z`;

/** Negative when `to` comes before `from`. */
export const daysBetween = (from: Day, to: Day): number => (Date.parse(to) - Date.parse(from)) / MILLISECONDS;

/** The instant at which it is over; undefined of a day that the calendar does not have, or after which no other comes. */
export const endOf = (day: Day): string | undefined =>
  Number.isNaN(Date.parse(day)) || day >= LAST_DAY ? undefined : startOf(dayAfter(day));

const LAST_DAY = '9999-12-31';

export const dayAfter = (day: Day): Day => dayOf(new Date(Date.parse(day) + MILLISECONDS).toISOString());
