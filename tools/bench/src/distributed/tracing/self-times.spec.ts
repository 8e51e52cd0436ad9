import { describe, expect, it } from '@jest/globals';
import { gaps, timed } from './self-times.js';
import { type Span, spansIn } from './span.js';

const span = (id: string, parent: string | undefined, milliseconds: number, more: Partial<Span> = {}): Span => ({
  ...{ trace: 't', id, parent, name: id, service: 's', later: false, start: 0, milliseconds },
  ...more,
});

const selves = (...spans: Span[]) => Object.fromEntries(timed(spans).map(({ id, self }) => [id, self]));

describe('timed', () => {
  it('takes from a span what its children took, and not what theirs did', () => {
    expect(selves(span('call', undefined, 10), span('serve', 'call', 7), span('append', 'serve', 4))).toEqual({
      call: 3,
      serve: 3,
      append: 4,
    });
  });

  it('takes all children, of the same trace only', () => {
    const other = span('read', 'serve', 5, { trace: 'other' });
    expect(selves(span('serve', undefined, 9), span('a', 'serve', 2), span('b', 'serve', 3), other)['serve']).toBe(4);
  });

  it('does not count what goes on later', () => {
    expect(selves(span('command', undefined, 3), span('consume', 'command', 40, { later: true }))['command']).toBe(3);
  });

  it('is never less than nothing', () => {
    expect(selves(span('call', undefined, 3), span('serve', 'call', 4))['call']).toBe(0);
  });
});

describe('gaps', () => {
  it('measures from end to begin within each trace that has both', () => {
    const [append, publish] = [
      span('append', undefined, 4, { start: 10 }),
      span('publish topic', 'a', 0, { start: 20 }),
    ];
    const alone = span('append', undefined, 4, { trace: 'alone' });
    expect(gaps([append, publish, alone], 'append', 'publish')).toEqual([6]);
  });
});

describe('spansIn', () => {
  it('reads OTLP', () => {
    const record = { traceId: 't', spanId: 'b', parentSpanId: 'a', name: 'consume topic', kind: 5 };
    const times = { startTimeUnixNano: '1700000000123000000', endTimeUnixNano: '1700000000124500000' };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'rapport-sales' } }] };
    expect(spansIn({ resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...record, ...times }] }] }] })).toEqual([
      {
        ...{ trace: 't', id: 'b', parent: 'a', name: 'consume topic', service: 'rapport-sales', later: true },
        ...{ start: 1_700_000_000_123, milliseconds: 1.5 },
      },
    ]);
  });
});
