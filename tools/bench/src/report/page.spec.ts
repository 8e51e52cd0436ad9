import { describe, expect, it } from '@jest/globals';
import type { AssemblyName } from '../options.js';
import { pageOf, type Run } from './page.js';

const run = (assembly: AssemblyName, figure: string): Run => ({
  assembly,
  rows: [{ what: 'create', figure, limit: '', aim: '', notes: ['How.'] }],
  machine: { Cores: '2' },
  command: 'npm run bench',
  day: new Date('2026-01-02T03:04:05Z'),
});

describe('pageOf', () => {
  it('keeps the other part as it was', () => {
    const both = pageOf(
      run('standalone', '3/s'),
      pageOf(run('distributed', '2/s'), pageOf(run('standalone', '1/s'), '')),
    );
    expect(both.match(/\d\/s/g)).toEqual(['3/s', '2/s']);
    expect(both.match(/^## .*/gm)).toEqual(['## Standalone', '## Distributed']);
    expect(both).toContain('Measured 2026-01-02 with `npm run bench`.');
  });

  it('is the same when the same is measured again', () => {
    const once = pageOf(run('distributed', '2/s'), pageOf(run('standalone', '1/s'), ''));
    expect(pageOf(run('distributed', '2/s'), once)).toBe(once);
    expect(pageOf(run('standalone', '1/s'), once)).toBe(once);
  });
});
