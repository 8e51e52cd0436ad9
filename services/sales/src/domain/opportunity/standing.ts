import type { TimeZone } from '@rapport/kernel';
import type { Stage } from '../pipeline/pipeline.events.js';
import { type Day, daysBetween } from './day.js';

/** For how long an opportunity stands where it stands. */
export interface Standing {
  /** Whole days; of open ones only. */
  readonly daysInStage?: number;
  /** Longer than its stage allows. */
  readonly stale: boolean;
}

interface Placed {
  readonly status: string;
  readonly archived: boolean;
  readonly stageEnteredAt: string;
}

/** At an instant, by the days of a zone. What follows from a date is computed from it whenever somebody asks. */
export const standingAt = (
  { status, archived, stageEnteredAt }: Placed,
  { staleAfterDays }: Pick<Stage, 'staleAfterDays'>,
  at: string,
  zone: TimeZone,
): Standing => {
  if (status !== 'open') return { stale: false };
  const daysInStage = Math.max(0, daysBetween(zone.dayOf(stageEnteredAt), zone.dayOf(at)));
  return { daysInStage, stale: !archived && staleAfterDays !== undefined && daysInStage > staleAfterDays };
};

/** What has entered its stage before this instant is stale; by the same days as {@link standingAt}. */
export const staleBefore = (staleAfterDays: number, at: string, zone: TimeZone): string => {
  const today = Date.parse(zone.dayOf(at));
  const day: Day = new Date(today - staleAfterDays * MILLISECONDS).toISOString().slice(0, 10);
  return zone.startOf(day);
};

const MILLISECONDS = 86_400_000;
