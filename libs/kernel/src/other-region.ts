import { DomainError } from './domain-error.js';

/**
 * Whether a store may be opened here: undefined, or the refusal in one sentence.
 * @param what the store: "The keyring"
 * @param marked the region that the store says it belongs to; undefined where it was never told
 * @param region where this process runs, if it says so
 */
export const otherRegion = (
  what: string,
  marked: string | undefined,
  region: string | null,
): DomainError | undefined => {
  if (marked === undefined || marked === region) return undefined;
  const here = region === null ? 'no region is set here' : `this is region "${region}"`;
  const message = `${what} belongs to region "${marked}", and ${here}. Set RAPPORT_REGION, or where it lies, to the other one.`;
  return new DomainError('invalid', 'other-region', message);
};
