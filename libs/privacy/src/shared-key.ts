import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const BYTES = 32;

/**
 * The key of what is about several people: it follows from all of theirs, in their order, so that it is gone with any of them. That
 * of one person is that person's own.
 */
export const keyOfAll = (keys: readonly (KeyObject | 'destroyed')[]): KeyObject | 'destroyed' => {
  const [first, ...others] = keys;
  if (others.length === 0) return first!;
  if (keys.includes('destroyed')) return 'destroyed';
  const all = Buffer.concat(keys.map((key) => (key as KeyObject).export()));
  return createSecretKey(Buffer.from(hkdfSync('sha256', all, '', 'what is about several people', BYTES)));
};
