import type { contactsV1 } from '@rapport/contracts';
import { type Evidence, inWords } from '@rapport/matching';
import { rounded } from './matched-kind.js';

/** A comparison as it is told. */
export const wordsOf = (evidence: Evidence): contactsV1.DuplicateEvidence => ({
  words: inWords(evidence),
  weight: rounded(evidence.weight),
});
