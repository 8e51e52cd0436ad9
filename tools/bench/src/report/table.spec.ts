import { describe, expect, it } from '@jest/globals';
import type { Row } from '../row.js';
import { linesOf, markdownOf } from './table.js';

const row: Row = {
  what: 'memory',
  figure: '300 MB',
  limit: 'one process: 200 MB',
  aim: '≤ 250 MB',
  met: false,
  notes: ['At rest.'],
  table: [
    ['process', 'MB'],
    ['contacts|1', '90'],
    ['sales', '210'],
  ],
};

describe('markdownOf', () => {
  it('puts the table of a row below its name, and the notes below that', () => {
    expect(markdownOf([row]).split('\n')).toEqual([
      '| what | figure | limit | ratio | aim | met |',
      '| --- | --- | --- | --- | --- | --- |',
      '| memory | 300 MB | one process: 200 MB |  | ≤ 250 MB | **no** |',
      '',
      '**memory**',
      '',
      '| process | MB |',
      '| --- | --- |',
      '| contacts\\|1 | 90 |',
      '| sales | 210 |',
      '',
      '- At rest.',
      '',
    ]);
  });
});

describe('linesOf', () => {
  it('aligns the columns for a terminal', () => {
    expect(linesOf(row).split('\n')).toEqual([
      'memory: 300 MB',
      '  limit one process: 200 MB · aim ≤ 250 MB · met no',
      '    process      MB',
      '    contacts|1   90',
      '    sales       210',
      '  - At rest.',
    ]);
  });
});
