import { describe, expect, it } from '@jest/globals';
import { turn } from './turn.js';

describe('a turn', () => {
  it('is given to one of all who wait, in their order, and to others in between', async () => {
    const seen: string[] = [];
    const costly = async (name: string): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        await turn();
        seen.push(name);
      }
    };
    let isOver = false;
    const other = (): void => {
      seen.push('other');
      if (!isOver) setImmediate(other);
    };
    setImmediate(other);
    await Promise.all(['a', 'b', 'c'].map(costly)).finally(() => (isOver = true));
    const stretches = seen.filter((name) => name !== 'other');
    expect(stretches).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
    for (const [n, name] of seen.entries()) if (n > 0 && name !== 'other') expect(seen[n - 1]).toBe('other');
  });
});
