import rrule from 'rrule';

const DAY = 86_400_000;

const HINT = 'Write a rule of RFC 5545 such as "FREQ=WEEKLY;BYDAY=MO" or "FREQ=MONTHLY;BYMONTHDAY=-1".';

/** What is wrong with a rule of RFC 5545 by which days come again; undefined where nothing is. */
export const recurrenceProblem = (rule: string): string | undefined => {
  if (!/^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)/.test(rule))
    return `A rule begins with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY. ${HINT}`;
  if (/DTSTART|BYHOUR|BYMINUTE|BYSECOND|TZID/.test(rule))
    return `A task comes again by days, reckoned from dueOn. ${HINT}`;
  try {
    new rrule.RRule(rrule.RRule.parseString(rule));
    return undefined;
  } catch (failure) {
    return `${(failure as Error).message}. ${HINT}`;
  }
};

/** When a task comes again, and by which rule from then on. */
export interface Recurrence {
  readonly dueOn: string;
  readonly recurrence: string;
}

/** What follows a task of a day; undefined where the rule ends with it. Days are of no zone. */
export const nextOf = (rule: string, dueOn: string): Recurrence | undefined => {
  const options = rrule.RRule.parseString(rule);
  // Reckoned from this one, which is the first of those that its rule counts.
  const { count } = options;
  if (count !== undefined && count !== null && count <= 1) return undefined;
  const dtstart = new Date(Date.parse(dueOn));
  const next = new rrule.RRule({ ...options, count: null, dtstart }).after(new Date(dtstart.getTime() + DAY), true);
  if (!next) return undefined;
  return { dueOn: next.toISOString().slice(0, 10), recurrence: rule.replace(/COUNT=\d+/, `COUNT=${(count ?? 0) - 1}`) };
};
