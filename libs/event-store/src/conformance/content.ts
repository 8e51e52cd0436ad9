import { describe, expect, it } from '@jest/globals';
import { EventTooLarge } from '../errors.js';
import { MAX_EVENT_BYTES } from '../event-store.js';
import type { CurrentStore } from './event-store-under-test.js';
import { count, eventsUntil } from './following.js';
import { readAll } from './reading.js';
import { newAggregate, newStream, noteTaken } from './sample-events.js';

const DATA: readonly (readonly [string, object])[] = [
  ['nothing', {}],
  ['every kind of value', { text: '', no: null, yes: true, list: [1, [2, {}], []], deep: { er: { still: 'there' } } }],
  ['numbers', { zero: 0, big: Number.MAX_SAFE_INTEGER, small: -1e-7, fraction: 0.1 + 0.2 }],
  ['unicode', { 'ключ 🗝️': 'naïve – 東京 – 👩‍👩‍👧 – \u202eright to left', combined: 'e\u0301' }],
  ['odd characters', { control: '\u0000\u0001\n\r\t\u2028', quotes: `"'\`\\`, half: '\ud800' }],
  [
    'names that mean something elsewhere',
    { $where: 1, 'a.b': 2, __proto: 3, constructor: 'x', "'; DROP TABLE events;--": 4 },
  ],
  ['a long text', { text: 'é'.repeat(100_000) }],
];

export const describeContent = (store: CurrentStore): void => {
  describe('content', () => {
    it.each(DATA)('gives back exactly: %s', async (_, data) => {
      const aggregate = newAggregate();
      const stream = newStream(aggregate);
      const event = noteTaken(data, { traceparent: JSON.stringify(data).slice(0, 1_000) });
      const { position } = await store().append(stream, [event], 'no-stream');
      const [read] = await readAll(store(), stream);
      expect(read).toEqual({ ...event, stream, revision: 0, position, recordedAt: expect.any(String) });
      const [followed] = await eventsUntil(store(), { prefixes: [`${aggregate}-`] }, count(1));
      expect(followed).toEqual(read);
    });

    it('says when it took an event, in UTC with milliseconds', async () => {
      const stream = newStream();
      await store().append(stream, [noteTaken()], 'no-stream');
      const { recordedAt } = (await readAll(store(), stream))[0]!;
      expect(new Date(recordedAt).toISOString()).toBe(recordedAt);
    });

    it('gives positions of twenty digits that grow', async () => {
      const streams = [newStream(), newStream()];
      const positions: string[] = [];
      for (let n = 0; n < 12; n += 1) {
        positions.push((await store().append(streams[n % 2]!, [noteTaken()], 'any')).position);
      }
      expect(positions.every((position) => /^\d{20}$/.test(position))).toBe(true);
      expect(positions).toEqual([...new Set(positions)].sort());
    });

    it('keeps large metadata', async () => {
      const stream = newStream();
      const event = noteTaken({}, { sealed: 'x'.repeat(200_000) });
      await store().append(stream, [event], 'no-stream');
      expect((await readAll(store(), stream))[0]!.metadata).toEqual(event.metadata);
    });

    it('is not changed by what a caller does to its objects afterwards', async () => {
      const stream = newStream();
      const data = { tags: ['vip'] };
      const append = store().append(stream, [noteTaken(data)], 'no-stream');
      data.tags.push('changed');
      await append;
      expect((await readAll(store(), stream))[0]!.data).toEqual({ tags: ['vip'] });
    });

    it('refuses an event that is too large, and everything appended with it', async () => {
      const stream = newStream();
      const large = noteTaken({ text: 'é'.repeat(MAX_EVENT_BYTES / 2) });
      const append = store().append(stream, [noteTaken(), large], 'no-stream');
      await expect(append).rejects.toThrow(EventTooLarge);
      await expect(append).rejects.toThrow(/NoteTaken has \d+ bytes; one event may have 1000000/);
      expect(await readAll(store(), stream)).toEqual([]);
    });

    it('takes an event of just the largest size', async () => {
      const stream = newStream();
      const empty = noteTaken({ text: '' });
      const room = MAX_EVENT_BYTES - JSON.stringify(empty.data).length - JSON.stringify(empty.metadata).length;
      await store().append(stream, [{ ...empty, data: { text: 'x'.repeat(room) } }], 'no-stream');
      expect(await readAll(store(), stream)).toHaveLength(1);
      await expect(store().append(stream, [{ ...empty, data: { text: 'x'.repeat(room + 1) } }], 0)).rejects.toThrow(
        EventTooLarge,
      );
    });
  });
};
