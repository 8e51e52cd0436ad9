import { compareBirthDates } from './compare-birth-dates.js';
import { compareNames } from './compare-names.js';
import { comparePlaces } from './compare-places.js';
import { compareEmails, comparePhones, compareDomains } from './compare-ways.js';
import type { Evidence } from './evidence.js';
import type { Profile } from './person.js';
import { CERTAIN, LIKELY } from './thresholds.js';
import { KIN, SHARED_AT_MOST } from './weights.js';

/** How much speaks for two records meaning one person. */
export interface Match {
  /** The sum of what the evidence weighs; a point doubles the odds. */
  readonly score: number;
  readonly verdict: Verdict;
  /** Every comparison that both records allow, heaviest first. */
  readonly evidence: readonly Evidence[];
}

/** `certain` would be merged without asking, `likely` is shown to people. */
export type Verdict = 'certain' | 'likely' | 'unlikely';

/** Compares two people. It does not matter which of them is asked about the other. */
export const compare = (one: Profile, other: Profile): Match => {
  const own = [...compareEmails(one, other), ...compareNames(one, other), ...compareBirthDates(one.born, other.born)];
  const shared = bounded([
    ...comparePhones(one, other),
    ...compareDomains(one, other),
    ...comparePlaces(one.place, other.place),
  ]);
  const evidence = [...own, ...kin(own), ...shared].sort((a, b) => b.weight - a.weight);
  const score = evidence.reduce((sum, { weight }) => sum + weight, 0);
  return { score, verdict: verdictOf(score, own), evidence };
};

/** Households and offices have all of this in common, so together it never counts for more than so much. */
const bounded = (evidence: readonly Evidence[]): readonly Evidence[] => {
  const total = evidence.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= SHARED_AT_MOST) return evidence;
  return evidence.map((piece) => ({ ...piece, weight: (piece.weight * SHARED_AT_MOST) / total }));
};

/** One surname, another first name and another birthday: a family. */
const kin = (own: readonly Evidence[]): readonly Evidence[] =>
  differs(own, 'firstName') && differs(own, 'birthDate') ? [{ about: 'kin', finding: 'other', weight: KIN }] : [];

/** Twins share all but a first name, a father and his son may share all but the birth date: neither is merged without asking. */
const verdictOf = (score: number, own: readonly Evidence[]): Verdict => {
  if (score < LIKELY) return 'unlikely';
  return score >= CERTAIN && !differs(own, 'firstName') && !differs(own, 'birthDate') ? 'certain' : 'likely';
};

const differs = (own: readonly Evidence[], aspect: Evidence['about']): boolean =>
  own.some(({ about, finding }) => about === aspect && finding === 'other');
