import type { Evidence } from './evidence.js';
import { jaroWinkler } from './jaro-winkler.js';
import type { Profile } from './person.js';
import { WAYS } from './weights.js';

/** Addresses of offices, which several people answer. */
const OFFICES = new Set(
  'info sales office contact mail hello support admin accounts billing service team post reception enquiries kontakt buero'.split(
    ' ',
  ),
);

/** Having other addresses says nothing: everybody has several. */
export const compareEmails = (one: Profile, other: Profile): readonly Evidence[] => {
  const shared = one.emails.filter((key) => other.emails.includes(key));
  if (shared.some((key) => !isOffice(key))) return [{ about: 'email', finding: 'same', weight: WAYS.email }];
  if (shared.length > 0) return [{ about: 'officeEmail', finding: 'same', weight: WAYS.office }];
  const similarity = Math.max(0, ...one.emails.flatMap((a) => other.emails.map((b) => alike(a, b))));
  if (similarity < WAYS.verySimilar) return [];
  return [{ about: 'email', finding: 'similar', weight: WAYS.similarEmail, similarity }];
};

export const comparePhones = ({ phones }: Profile, other: Profile): readonly Evidence[] =>
  phones.some((key) => other.phones.includes(key)) ? [{ about: 'phone', finding: 'same', weight: WAYS.phone }] : [];

export const compareDomains = ({ domain }: Profile, other: Profile): readonly Evidence[] =>
  domain !== '' && domain === other.domain ? [{ about: 'domain', finding: 'same', weight: WAYS.domain }] : [];

const isOffice = (email: string): boolean => OFFICES.has(localPart(email));

const localPart = (email: string): string => email.slice(0, Math.max(0, email.lastIndexOf('@')));

/** Colleagues have the domain in common, so only what stands before it is compared; a short name there is anybody's. */
const alike = (one: string, other: string): number => {
  const [a, b] = [localPart(one), localPart(other)];
  return Math.min(a.length, b.length) < WAYS.tellingLength || isOffice(one) || isOffice(other) ? 0 : jaroWinkler(a, b);
};
