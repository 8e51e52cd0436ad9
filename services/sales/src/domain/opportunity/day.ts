import type { Day } from '@rapport/kernel';

export { type Day, dayAfter } from '@rapport/kernel';

const MILLISECONDS = 86_400_000;

/** Negative when `to` comes before `from`. */
export const daysBetween = (from: Day, to: Day): number => (Date.parse(to) - Date.parse(from)) / MILLISECONDS;
