import { expect, it } from '@jest/globals';
import { loggedMessage, recordsOf } from './kafka-records.js';

const record = { offset: '7', timestamp: '0', attributes: 0, key: null, value: null, headers: {} };

it('reads what others wrote without key, body or headers as empty', () => {
  expect(loggedMessage(record)).toEqual({ offset: 7, key: '', headers: {}, value: '' });
});

it('takes the last of several headers of one name', () => {
  const headers = { one: Buffer.from('ü'), two: [Buffer.from('a'), 'b'], three: undefined };
  expect(loggedMessage({ ...record, headers }).headers).toEqual({ one: 'ü', two: 'b', three: '' });
});

it('keeps the order of each topic', () => {
  const message = (topic: string, value: string) => ({ topic, key: 'k', headers: {}, value });
  const records = recordsOf([message('a', '1'), message('b', '2'), message('a', '3')], (topic) => `x.${topic}`);
  expect(records).toMatchObject([
    { topic: 'x.a', messages: [{ value: '1' }, { value: '3' }] },
    { topic: 'x.b', messages: [{ value: '2' }] },
  ]);
});
