import { oneSlipApart } from './edits.js';
import type { Evidence, Finding } from './evidence.js';
import { jaroWinkler } from './jaro-winkler.js';
import { mostAlike } from './letters.js';
import { areNicknames } from './nicknames.js';
import type { Name, Profile } from './person.js';
import { NAMES } from './weights.js';

interface Likeness {
  readonly finding: Finding;
  readonly weight: number;
  readonly similarity?: number;
}

/** Both names as they stand, or crossed where that agrees clearly better: forms are filled in the wrong way round. */
export const compareNames = (one: Profile, other: Profile): readonly Evidence[] => {
  const first = likeness(one.first, other.first, 'firstName');
  const last = likeness(one.last, other.last, 'lastName');
  const straight = (first?.weight ?? 0) + (last?.weight ?? 0);
  if (straight < NAMES.crossedBelow) {
    const crossed = crossedWeight(one, other);
    if (crossed > straight) return [{ about: 'names', finding: 'swapped', weight: crossed }];
  }
  return [
    ...(first === undefined ? [] : [{ about: 'firstName', ...first } as const]),
    ...(last === undefined ? [] : [{ about: 'lastName', ...last } as const]),
  ];
};

/** Where one name is missing the other speaks alone; where one contradicts they are not crossed. */
const crossedWeight = (one: Profile, other: Profile): number => {
  const found = [likeness(one.first, other.last, 'lastName'), likeness(one.last, other.first, 'lastName')];
  const weights = found.map((likeness) => likeness?.weight ?? 0);
  return weights.some((weight) => weight < 0) ? -Infinity : weights[0]! + weights[1]! - NAMES.crossing;
};

const likeness = (one: Name, other: Name, about: 'firstName' | 'lastName'): Likeness | undefined => {
  const [a, b] = [one.whole, other.whole];
  if (a === '' || b === '') return undefined;
  const weights = NAMES[about];
  if (a === b)
    return a.length === 1 ? { finding: 'short', weight: NAMES.initial } : { finding: 'same', weight: weights.same };
  // Below that it says nothing, however much below.
  const similarity = couldBeAlike(one, other) ? jaroWinkler(a, b) : 0;
  if (about === 'firstName' && isShort(one, other))
    return { finding: 'short', weight: similarity > 0.9 ? weights.similar : NAMES.nickname };
  if ((a.length === 1 || b.length === 1) && a[0] === b[0]) return { finding: 'short', weight: NAMES.initial };
  if (similarity >= NAMES.verySimilar || (Math.min(a.length, b.length) > 3 && oneSlipApart(a, b)))
    return { finding: 'similar', weight: weights.similar, similarity };
  if (shareAPart(one, other)) return { finding: 'partly', weight: weights.partly };
  if (similarity >= NAMES.likely) return { finding: 'similar', weight: weights.likely, similarity };
  if (similarity >= NAMES.vague) return { finding: 'similar', weight: weights.vague, similarity };
  return { finding: 'other', weight: weights.other };
};

const couldBeAlike = (one: Name, other: Name): boolean =>
  mostAlike({ text: one.whole, letters: one.letters }, { text: other.whole, letters: other.letters }) >= NAMES.vague;

const isShort = (one: Name, other: Name): boolean => areNicknames(one.parts[0]!, other.parts[0]!);

/** "García" and "García Márquez", "Anna" and "Anna Maria". */
const shareAPart = ({ parts }: Name, other: Name): boolean =>
  parts.length + other.parts.length > 2 && parts.some((part) => part.length > 2 && other.parts.includes(part));
