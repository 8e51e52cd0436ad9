import { beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, newId, type RecordedEvent } from '@rapport/kernel';
import type { AnyRecord } from '../service/served-record.js';
import type { Provided } from '../service/service-definition.js';
import { notifyOwners } from './notify-owners.js';

const NOW = '2026-01-08T09:00:00.000Z';
const deal = { noun: 'Deal', decider: { aggregate: 'deal', events: {} } } as unknown as AnyRecord;
let asked: [id: string, what: { readonly input: object }][];

const provided = (() => ({
  engines: { clock: fixedClock(NOW) },
  commands: {
    requests: { ask: async (...said: typeof asked extends (infer Each)[] ? Each : never) => void asked.push(said) },
  },
})) as unknown as Provided;

/** Something that has happened to a deal. */
const event = (type: string, data: object, metadata: object = {}, recordedAt = NOW): RecordedEvent =>
  ({
    ...{ id: newId(), stream: 'deal-main-d1', revision: 0, position: '1', type, data, recordedAt },
    metadata: { tenant: 'main', actor: { kind: 'user', id: 'bo' }, correlationId: 'c', ...metadata },
  }) as unknown as RecordedEvent;
const seen = async (one: RecordedEvent): Promise<number> => {
  const { react } = notifyOwners([deal], provided);
  expect(await react(one, new AbortController().signal)).toBe('done');
  return asked.length;
};

beforeEach(() => {
  asked = [];
});

describe('a record that somebody else gets', () => {
  it.each([
    ['DealCreated', { ownerId: 'ada' }],
    ['DealEdited', { set: { ownerId: 'ada' } }],
    ['DealChangeUndone', { set: { ownerId: 'ada' } }],
  ])('is told to whom it is given: %s', async (type, data) => {
    const one = event(type, data);
    await seen(one);
    await seen(one);
    expect(asked[0]![1].input).toEqual({
      kind: 'assigned',
      to: 'ada',
      object: 'deal',
      recordId: 'd1',
      what: type,
      at: NOW,
    });
    expect(new Set(asked.map(([id]) => id)).size).toBe(1);
  });

  it.each<[string, RecordedEvent]>([
    ['who takes it', event('DealCreated', { ownerId: 'bo' })],
    [
      'whose key takes it',
      event('DealCreated', { ownerId: 'ada' }, { actor: { kind: 'apiKey', id: 'k', onBehalfOf: 'ada' } }),
    ],
    ['anybody where nobody gets it', event('DealEdited', { set: { ownerId: null } })],
    ['anybody where something else changes', event('DealEdited', { set: { name: 'x' } })],
    [
      'anybody where an import brings it in',
      event('DealCreated', { ownerId: 'ada' }, { actor: { kind: 'import', id: 'i' } }),
    ],
    [
      'anybody where it follows from something else',
      event('DealEdited', { set: { ownerId: 'ada' } }, { causationId: 'e' }),
    ],
    ['anybody a week later', event('DealCreated', { ownerId: 'ada' }, {}, '2026-01-01T09:00:00.000Z')],
  ])('is not told to %s', async (_, one) => {
    expect(await seen(one)).toBe(0);
  });
});
