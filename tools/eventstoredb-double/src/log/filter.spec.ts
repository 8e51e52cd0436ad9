import { expect, it } from '@jest/globals';
import { filterOf, type FilterOptions } from './filter.js';
import { type Entry, Stream } from './stream.js';

const entry = (stream: string, type: string): Entry => ({
  position: 1,
  length: 1,
  stream: new Stream(stream),
  revision: 0,
  id: 'a',
  type,
  created: 0,
});

it.each<[FilterOptions, boolean]>([
  [{ on: 'stream', regex: '', prefixes: ['other-', 'order-'] }, true],
  [{ on: 'stream', regex: '', prefixes: ['rder-'] }, false],
  [{ on: 'stream', regex: '', prefixes: [] }, false],
  [{ on: 'stream', regex: 'er-', prefixes: ['other-'] }, true],
  [{ on: 'stream', regex: '^er-', prefixes: ['order-'] }, false],
  [{ on: 'type', regex: '^[^$].*', prefixes: [] }, true],
  [{ on: 'type', regex: '', prefixes: ['order-'] }, false],
])('%j', (options, matches) => {
  expect(filterOf(options)(entry('order-1', 'Placed'))).toBe(matches);
});
