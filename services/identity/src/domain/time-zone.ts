import { reject, type Rejection } from '@rapport/kernel';

/** Refuses a name that the IANA database does not have. `before` is what was taken earlier, which may stay. */
export const knownTimeZone = (name: string | undefined, before: string | undefined): Rejection | undefined =>
  name === undefined || name === before || isTimeZone(name)
    ? undefined
    : reject(
        'invalid',
        'unknown-time-zone',
        `There is no time zone "${name}". Give a name of the IANA database, such as Europe/London.`,
        '/timeZone',
      );

/** Whether the IANA database has it. */
export const isTimeZone = (name: string): boolean => {
  try {
    // An offset such as +02:00 would be taken as well, and knows no summer time.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
};
