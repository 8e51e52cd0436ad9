import { expect, it } from '@jest/globals';
import { instantOf } from './clock.js';

it.each([
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
  ['2016-12-31T23:59:60.5+01:00', '2016-12-31T22:59:59.999Z'],
  ['2017-03-01T09:60:00Z', undefined],
  ['2017-03-01T09:30:00.250Z', '2017-03-01T09:30:00.250Z'],
])('%s is %s', (text, instant) => {
  const date = instantOf(text);
  expect(Number.isNaN(date.getTime()) ? undefined : date.toISOString()).toBe(instant);
});
