import { expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { alias } from './alias.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'c1' };
const made = { type: 'AliasMade', data: { object: 'contact', survivorId: 'c2' } } as const;
const ended = { type: 'AliasEnded', data: {} } as const;

it('leads an id to a survivor, once, until it is ended', () => {
  const { make, end } = alias.decide;
  expect(end(null, {}, now)).toEqual([]);
  expect(make(null, made.data, now)).toEqual([made]);
  expect(make(fold(alias, [made]), made.data, now)).toEqual([]);
  expect(make(fold(alias, [made]), { ...made.data, survivorId: 'c3' }, now)).toHaveLength(1);
  expect(end(fold(alias, [made]), {}, now)).toEqual([ended]);
  expect(fold(alias, [made, ended])).toEqual({ object: 'contact' });
});
