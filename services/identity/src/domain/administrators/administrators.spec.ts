import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, isRejection } from '@rapport/kernel';
import { administrators, type AdministratorsEvent } from './administrators.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'a1' };
const appointed = (userId: string) => ({ type: 'AdministratorAppointed', data: { userId } }) as const;

describe('the administrators', () => {
  it('may go but for the last one', () => {
    const two = fold(administrators, [appointed('ada'), appointed('bo')]);
    expect(administrators.decide.dismiss(two, { userId: 'ada' }, at)).toHaveLength(1);
    const one = fold(administrators, [appointed('bo')]);
    expect(administrators.decide.dismiss(one, { userId: 'bo' }, at)).toMatchObject({ code: 'last-administrator' });
    expect(administrators.decide.dismiss(one, { userId: 'cy' }, at)).toEqual([]);
  });

  it('are never gone, once there was one', () => {
    const order = fc.tuple(fc.constantFrom('appoint' as const, 'dismiss' as const), fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(fc.array(order), (orders) => {
        const history: AdministratorsEvent[] = [];
        for (const [command, userId] of orders) {
          const decision = administrators.decide[command](fold(administrators, history), { userId }, at);
          if (!isRejection(decision)) history.push(...decision);
          expect(history.length === 0 || fold(administrators, history).length > 0).toBe(true);
        }
      }),
    );
  });
});
