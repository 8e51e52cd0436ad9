import { oneSlipApart } from './edits.js';
import type { Evidence } from './evidence.js';
import { BIRTH } from './weights.js';

/** Two dates as `YYYYMMDD`; nothing where one is unknown. */
export const compareBirthDates = (one: string, other: string): readonly Evidence[] => {
  if (one === '' || other === '') return [];
  if (one === other)
    return [{ about: 'birthDate', finding: 'same', weight: isStandIn(one) ? BIRTH.standIn : BIRTH.same }];
  if (oneSlipApart(one, other)) return [{ about: 'birthDate', finding: 'similar', weight: BIRTH.slip }];
  if (one === other.slice(0, 4) + other.slice(6) + other.slice(4, 6))
    return [{ about: 'birthDate', finding: 'swapped', weight: BIRTH.swapped }];
  if (partsInCommon(one, other) === 2) return [{ about: 'birthDate', finding: 'partly', weight: BIRTH.partly }];
  return [{ about: 'birthDate', finding: 'other', weight: BIRTH.other }];
};

/** What forms say for somebody whose birthday nobody knows. */
const isStandIn = (born: string): boolean => born.endsWith('0101');

const PARTS = [
  [0, 4],
  [4, 6],
  [6, 8],
] as const;

const partsInCommon = (one: string, other: string): number =>
  PARTS.filter(([from, to]) => one.slice(from, to) === other.slice(from, to)).length;
