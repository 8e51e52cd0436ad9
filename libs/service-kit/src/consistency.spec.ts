import { describe, expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import { consistencyToken, positionIn } from './consistency.js';

describe('a consistency token', () => {
  const token = consistencyToken('contacts', positionOf(42));

  it('names a position of its own context only', () => {
    expect(positionIn(token, 'contacts')).toBe(positionOf(42));
    expect(positionIn(token, 'sales')).toBeUndefined();
    expect(positionIn(undefined, 'contacts')).toBeUndefined();
  });

  it('may be several, of which the latest counts', () => {
    const both = `${token}, ${consistencyToken('sales', positionOf(7))},${consistencyToken('contacts', positionOf(43))}`;
    expect(positionIn(both, 'contacts')).toBe(positionOf(43));
    expect(positionIn(both, 'sales')).toBe(positionOf(7));
  });

  it.each(['', 'contacts', 'contacts:42', 'contacts:abc', ':::'])('is refused when it is "%s"', (forged) => {
    expect(() => positionIn(forged, 'contacts')).toThrow(/not a token of this server/);
  });
});
