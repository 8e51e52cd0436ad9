import type { CompanyProfile } from './company.js';
import type { Match } from './compare.js';
import { oneSlipApart } from './edits.js';
import type { Evidence } from './evidence.js';
import { jaroWinkler } from './jaro-winkler.js';
import type { Name } from './person.js';
import { CERTAIN, LIKELY } from './thresholds.js';
import { COMPANY } from './weights.js';

/** Compares two companies. It does not matter which of them is asked about the other. */
export const compareCompanies = (one: CompanyProfile, other: CompanyProfile): Match => {
  const evidence = [
    ...compareNames(one.name, other.name),
    ...compareDomains(one.domain, other.domain),
    ...compareLocations(one.location, other.location),
    ...(one.phone !== '' && one.phone === other.phone ? [found('phone', 'same', COMPANY.phone)] : []),
  ].sort((a, b) => b.weight - a.weight);
  const score = evidence.reduce((sum, { weight }) => sum + weight, 0);
  if (score < LIKELY) return { score, verdict: 'unlikely', evidence };
  // A subsidiary shares website and telephone with the company above it.
  const isCertain = score >= CERTAIN && evidence.some(({ about, finding }) => about === 'name' && finding === 'same');
  return { score, verdict: isCertain ? 'certain' : 'likely', evidence };
};

const found = (about: Evidence['about'], finding: Evidence['finding'], weight: number): Evidence => ({
  ...{ about, finding, weight },
});

const compareNames = (one: Name, other: Name): readonly Evidence[] => {
  const { name } = COMPANY;
  const [a, b] = [one.whole, other.whole];
  if (a === '' || b === '') return [];
  if (a === b) return [found('name', 'same', name.same)];
  const similarity = jaroWinkler(a, b);
  const isSlip = Math.min(a.length, b.length) >= name.telling && oneSlipApart(a, b);
  if (isSlip) return [{ ...found('name', 'similar', name.slip), similarity }];
  if (isPartOf(one, other) || isPartOf(other, one)) return [found('name', 'partly', name.partly)];
  if (similarity >= name.verySimilar) return [{ ...found('name', 'similar', name.similar), similarity }];
  return [found('name', 'other', name.other)];
};

/** "Acme" of "Acme Germany": companies are called by how their names begin. */
const isPartOf = ({ parts }: Name, whole: Name): boolean =>
  parts.length < whole.parts.length && parts.every((part, at) => part === whole.parts[at]) && parts[0]!.length > 2;

const compareDomains = (one: string, other: string): readonly Evidence[] => {
  if (one === '' || other === '') return [];
  if (one === other) return [found('website', 'same', COMPANY.website.same)];
  const isNear = labelOf(one) === labelOf(other) || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
  if (isNear) return [found('website', 'partly', COMPANY.website.partly)];
  return [found('website', 'other', COMPANY.website.other)];
};

/** `acme` of `acme.example` and of `acme.co.example`. */
export const labelOf = (domain: string): string => domain.split('.')[0]!;

const compareLocations = (one: string, other: string): readonly Evidence[] => {
  if (one === '' || other === '') return [];
  const { same, other: another } = COMPANY.location;
  return [one === other ? found('location', 'same', same) : found('location', 'other', another)];
};
