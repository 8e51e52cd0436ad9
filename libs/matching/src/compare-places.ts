import { oneSlipApart } from './edits.js';
import type { Evidence } from './evidence.js';
import { jaroWinkler } from './jaro-winkler.js';
import { type Place, sharedPairs } from './place.js';
import { PLACE } from './weights.js';

/** Address by address, part by part. Other parts speak little against: people move. */
export const comparePlaces = (one: Place, other: Place): readonly Evidence[] => [
  ...compareStreets(one, other),
  ...compareNumbers(one.numbers, other.numbers),
  ...compareCodes(one.postalCode, other.postalCode),
  ...compareCities(one.city, other.city),
  ...compareRegions(one.region, other.region),
];

const compareStreets = (one: Place, other: Place): readonly Evidence[] => {
  if (one.pairs.length === 0 || other.pairs.length === 0) return [];
  const similarity = sharedPairs(one.pairs, other.pairs);
  const { street } = PLACE;
  if (one.street === other.street) return [{ about: 'street', finding: 'same', weight: street.same }];
  if (similarity >= street.verySimilar)
    return [{ about: 'street', finding: 'similar', weight: street.similar, similarity }];
  if (similarity >= street.likely) return [{ about: 'street', finding: 'similar', weight: street.vague, similarity }];
  return similarity >= street.different ? [] : [{ about: 'street', finding: 'other', weight: street.other }];
};

const compareNumbers = (one: readonly string[], other: readonly string[]): readonly Evidence[] => {
  if (one.length === 0 || other.length === 0) return [];
  const same = one.some((number) => other.includes(number));
  if (same) return [{ about: 'houseNumber', finding: 'same', weight: PLACE.houseNumber.same }];
  return [{ about: 'houseNumber', finding: 'other', weight: PLACE.houseNumber.other }];
};

const compareCodes = (one: string, other: string): readonly Evidence[] => {
  if (one === '' || other === '') return [];
  if (one === other) return [{ about: 'postalCode', finding: 'same', weight: PLACE.postalCode.same }];
  if (oneSlipApart(one, other)) return [{ about: 'postalCode', finding: 'similar', weight: PLACE.postalCode.slip }];
  return [{ about: 'postalCode', finding: 'other', weight: PLACE.postalCode.other }];
};

const compareCities = (one: string, other: string): readonly Evidence[] => {
  if (one === '' || other === '') return [];
  if (one === other) return [{ about: 'city', finding: 'same', weight: PLACE.city.same }];
  const similarity = jaroWinkler(one, other);
  if (similarity >= PLACE.city.verySimilar)
    return [{ about: 'city', finding: 'similar', weight: PLACE.city.similar, similarity }];
  return [{ about: 'city', finding: 'other', weight: PLACE.city.other }];
};

const compareRegions = (one: string, other: string): readonly Evidence[] => {
  if (one === '' || other === '') return [];
  const same = one === other;
  return [{ about: 'region', finding: same ? 'same' : 'other', weight: same ? PLACE.region.same : PLACE.region.other }];
};
