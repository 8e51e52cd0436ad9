import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '@rapport/event-store';
import { fixedClock } from '@rapport/kernel';
import { companyDecider } from '../fakes/companies.js';
import type { OrderedStep, StepsOrder } from './commands.js';
import { recordTarget } from './record-target.js';

const clock = fixedClock('2026-03-31T23:30:00.000Z');
const decide = (times: string[]): OrderedStep['decide'] => {
  return (_, { at }) => {
    times.push(at);
    return [];
  };
};

describe('a step that is said to happen', () => {
  it.each([
    ['yesterday', '2026-03-30T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
    ['tomorrow, which has begun where the customer is', '2026-04-01T00:00:00.000Z', '2026-03-31T23:30:00.000Z'],
    ['at no time', undefined, '2026-03-31T23:30:00.000Z'],
  ])('%s', async (_, occurredAt, at) => {
    const times: string[] = [];
    const orders: StepsOrder[] = [];
    const run = (order: StepsOrder) => {
      orders.push(order);
      return Promise.resolve({ outcome: 'unchanged', revision: -1 } as const);
    };
    const target = recordTarget(companyDecider, { events: new InMemoryEventStore(), run, clock });
    const step = { name: 'Try', input: 1, decide: decide(times), ...(occurredAt === undefined ? {} : { occurredAt }) };
    const order = { tenant: 'main', importId: 'i', by: 'ada', recordId: 'r', commandId: 'c', steps: [step] };
    await target.preview(order);
    expect(times).toEqual([at]);
    await target.apply(order);
    expect(orders[0]!.steps[0]!.occurredAt ?? clock.now().toISOString()).toBe(at);
  });
});

it('can be put together anew with something before one of its ways', async () => {
  const events = new InMemoryEventStore();
  const target = {
    ...recordTarget(companyDecider, { events, run: () => Promise.reject(new Error('Nothing to do.')) }),
  };
  expect(await target.isFrom('main', 'i', 'r')).toBe(false);
  expect(await target.revert({ tenant: 'main', importId: 'i', by: 'ada', recordId: 'r' })).toMatchObject({
    outcome: 'unchanged',
  });
});
