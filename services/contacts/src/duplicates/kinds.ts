import type { PairedKind } from '../domain/duplicate/duplicate.js';
import { companies } from './companies.js';
import type { MatchedKind } from './matched-kind.js';
import { people } from './people.js';

/** Everything that may be there twice, in the order in which a scan looks through it. */
export const matchedKinds: readonly MatchedKind[] = [people, companies];

export const matchedKind = (kind: PairedKind): MatchedKind => (kind === 'account' ? companies : people);
