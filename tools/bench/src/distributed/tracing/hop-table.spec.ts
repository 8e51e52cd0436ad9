import { describe, expect, it } from '@jest/globals';
import { hopsIn, hopTable } from './hop-table.js';
import type { Span } from './span.js';

const span = (trace: string, id: string, parent: string | undefined, more: Partial<Span>): Span => ({
  ...{ trace, id, parent, name: id, service: 's', later: false, start: 0, milliseconds: 1 },
  ...more,
});

const request = span('t', 'r', undefined, { name: 'request', milliseconds: 10 });
const asked = { creates: [request], lists: [] };

describe('hopsIn', () => {
  it('tells what each span of a request took itself', () => {
    const call = span('t', 'c', 'r', { name: 'call Accounts/create', milliseconds: 6 });
    const hops = hopsIn([call], asked);
    expect([hops.get('create: request')?.self, hops.get('create: call')?.self]).toEqual([4, 6]);
  });

  it('tells how long an event waits for being published and consumed', () => {
    const later = { later: true, milliseconds: 0 };
    const hops = hopsIn(
      [
        span('t', 'a', 'r', { name: 'append', start: 5, milliseconds: 2 }),
        span('t', 'p', 'a', { ...later, name: 'publish topic', start: 9 }),
        span('t', 'k', 'p', { ...later, name: 'consume topic', start: 15 }),
      ],
      asked,
    );
    expect(hops.get('create: from append to publish')?.whole).toBe(2);
    expect(hops.get('create: from publish to consume')?.whole).toBe(6);
  });

  it('puts the generations of a follower together, in traces of their own', () => {
    const follow = span('f', 'f', undefined, { name: 'follow accounts@1', milliseconds: 5 });
    const project = span('f', 'p', 'f', { name: 'project accounts@1', milliseconds: 3 });
    const again = span('g', 'f', undefined, { name: 'follow accounts@2', milliseconds: 4 });
    expect(hopsIn([follow, project, again], asked).get('behind: follow accounts')).toEqual({
      count: 2,
      self: 3,
      whole: 4.5,
    });
  });
});

describe('hopTable', () => {
  it('leaves empty what only the other assembly has', () => {
    const hop = { count: 1, self: 1, whole: 2 };
    expect(hopTable(new Map([['list: request', hop]]), new Map([['list: call', hop]])).slice(1)).toEqual([
      ['list: call', '', '', '1.00', '2.00'],
      ['list: request', '1.00', '2.00', '', ''],
    ]);
  });
});
