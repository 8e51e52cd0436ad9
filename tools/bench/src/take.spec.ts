import { describe, expect, it } from '@jest/globals';
import type { Bench, Row } from './row.js';
import { take, type Taking } from './take.js';

const bench = (name: string, measure: () => Promise<readonly Row[]>): Bench<undefined> => ({ name, measure });
const row = (what: string): Row => ({ what, figure: '1/s', limit: '', aim: '', notes: [] });
const quick = (name: string) => bench(name, async () => [row(name)]);

const taken = async (benches: readonly Bench<undefined>[], taking: Partial<Taking>) => {
  const broken: string[] = [];
  const broke = (name: string): void => void broken.push(name);
  const rows = await take(benches, undefined, {
    only: undefined,
    beginBy: Infinity,
    took: () => undefined,
    broke,
    ...taking,
  });
  return { figures: rows.map(({ what, figure }) => `${what}: ${figure}`), broken };
};

describe('take', () => {
  it('goes on after what broke', async () => {
    const breaks = bench('b', () => Promise.reject(new Error('broken')));
    expect(await taken([quick('a'), breaks, quick('c')], {})).toEqual({ figures: ['a: 1/s', 'c: 1/s'], broken: ['b'] });
  });

  it('takes only what was asked for', async () => {
    expect((await taken([quick('a'), quick('b')], { only: 'b' })).figures).toEqual(['b: 1/s']);
  });

  it('says what did not begin in time', async () => {
    expect((await taken([quick('a')], { beginBy: 0 })).figures).toEqual(['a: not measured: the run took too long']);
  });

  it('gives up what does not end in time, and all after it', async () => {
    const forever = bench('a', () => new Promise(() => undefined));
    const { figures } = await taken([forever, quick('b')], { endBy: performance.now() });
    expect(figures).toEqual(['a: not measured: the run took too long']);
  });
});
