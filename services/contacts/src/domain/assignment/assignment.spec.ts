import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assigneeOf, type AssignmentFacts } from './assignment.js';

const facts = (said: Partial<AssignmentFacts> = {}): AssignmentFacts => ({
  ...{ fields: {}, isThere: () => true, last: undefined, openOf: () => 0 },
  ...said,
});
const userIds = ['ada', 'bo', 'cy'];

describe('who gets it', () => {
  it('is the next in turn, and the first behind the last', () => {
    const turn = (last?: string) => assigneeOf({ mode: 'round-robin', userIds, rules: [] }, facts({ last }));
    expect([turn(), turn('ada'), turn('bo'), turn('cy'), turn('gone')]).toEqual(['ada', 'bo', 'cy', 'ada', 'ada']);
  });

  it('is whoever has the fewest open ones, in turn among those with as few', () => {
    const openOf = (id: string): number => ({ ada: 3, bo: 1, cy: 1 })[id]!;
    expect(assigneeOf({ mode: 'least-busy', userIds, rules: [] }, facts({ openOf }))).toBe('bo');
    expect(assigneeOf({ mode: 'least-busy', userIds, rules: [] }, facts({ openOf, last: 'bo' }))).toBe('cy');
  });

  it('follows the first rule that fits', () => {
    const rules = [
      { field: 'company', equals: ' ACME ', userIds: ['cy'] },
      { field: 'source', equals: 'fair', userIds: ['gone'] },
    ];
    const isThere = (id: string): boolean => id !== 'gone';
    expect(assigneeOf({ userIds, rules }, facts({ fields: { company: 'Acme' }, isThere }))).toBe('cy');
    expect(assigneeOf({ userIds, rules }, facts({ fields: { source: 'fair' }, isThere }))).toBe('ada');
  });

  it('is one of those who are there, whoever is not, and nobody where nobody is', () => {
    const someone = fc.constantFrom<string>('ada', 'bo', 'cy', 'di');
    fc.assert(
      fc.property(
        fc.uniqueArray(someone),
        fc.uniqueArray(someone),
        fc.constantFrom('round-robin', 'least-busy'),
        fc.option(someone, { nil: undefined }),
        (ids, gone, mode, last) => {
          const isThere = (id: string): boolean => !gone.includes(id);
          const left = ids.filter(isThere);
          const chosen = assigneeOf({ mode, userIds: ids, rules: [] }, facts({ isThere, last }));
          if (left.length === 0) expect(chosen).toBeUndefined();
          else expect(left).toContain(chosen);
        },
      ),
    );
  });

  it('is fair in turn: after n times everybody had as many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), (rounds) => {
        const got = new Map(userIds.map((id) => [id, 0]));
        let last: string | undefined;
        for (let n = 0; n < rounds * userIds.length; n += 1) {
          last = assigneeOf({ userIds, rules: [] }, facts({ last }))!;
          got.set(last, got.get(last)! + 1);
        }
        expect([...got.values()]).toEqual(userIds.map(() => rounds));
      }),
    );
  });
});
