import { expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import { kafkaUnavailable, protocolErrorOf } from './kafka-problem.js';

it('finds the name of an error under others', () => {
  const inner = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
  expect(protocolErrorOf(new Error('given up', { cause: new Error('tried', { cause: inner }) }))).toBe(
    'MESSAGE_TOO_LARGE',
  );
  expect(protocolErrorOf(new Error('no'))).toBeUndefined();
  expect(protocolErrorOf('no')).toBeUndefined();
});

it('says what could not be done, and leaves alone what says so already', () => {
  expect(kafkaUnavailable('be reached', new Error('refused.'))).toMatchObject({
    kind: 'unavailable',
    message: 'Kafka could not be reached: refused. Try again.',
  });
  const known = new DomainError('not-found', 'topic-missing', 'No.');
  expect(kafkaUnavailable('be reached', known)).toBe(known);
});
