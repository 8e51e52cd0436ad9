import type { Evidence } from './evidence.js';
import { jaroWinkler } from './jaro-winkler.js';
import { mostAlike } from './letters.js';
import type { LocalPart, Profile } from './person.js';
import { WAYS } from './weights.js';

/** Having other addresses says nothing: everybody has several. */
export const compareEmails = (one: Profile, other: Profile): readonly Evidence[] => {
  let isShared = false;
  let similarity = 0;
  for (let at = 0; at < one.emails.length; at++) {
    const local = one.locals[at]!;
    for (let place = 0; place < other.emails.length; place++) {
      if (one.emails[at] !== other.emails[place]) similarity = Math.max(similarity, alike(local, other.locals[place]!));
      else if (local.isOffice) isShared = true;
      else return [{ about: 'email', finding: 'same', weight: WAYS.email }];
    }
  }
  if (isShared) return [{ about: 'officeEmail', finding: 'same', weight: WAYS.office }];
  if (similarity < WAYS.verySimilar) return [];
  return [{ about: 'email', finding: 'similar', weight: WAYS.similarEmail, similarity }];
};

export const comparePhones = ({ phones }: Profile, other: Profile): readonly Evidence[] =>
  phones.some((key) => other.phones.includes(key)) ? [{ about: 'phone', finding: 'same', weight: WAYS.phone }] : [];

export const compareDomains = ({ domain }: Profile, other: Profile): readonly Evidence[] =>
  domain !== '' && domain === other.domain ? [{ about: 'domain', finding: 'same', weight: WAYS.domain }] : [];

/** Colleagues have the domain in common, so only what stands before it is compared; a short name there is anybody's. */
const alike = (one: LocalPart, other: LocalPart): number => {
  if (Math.min(one.text.length, other.text.length) < WAYS.tellingLength || one.isOffice || other.isOffice) return 0;
  return mostAlike(one, other) < WAYS.verySimilar ? 0 : jaroWinkler(one.text, other.text);
};
