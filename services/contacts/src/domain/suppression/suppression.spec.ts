import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { suppression, type SuppressionEvent } from './suppression.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 's1' };
const ada = { contactId: 'ada', kind: 'email', secret: 's' };
const suppressed = { type: 'AddressSuppressed', data: ada } as const;
const released = { type: 'AddressReleased', data: { consentId: 'c1' } } as const;
const given = (...history: readonly SuppressionEvent[]) => fold(suppression, history);

describe('a suppressed address', () => {
  it('given nobody, when somebody is erased who had it, then it is theirs', () => {
    expect(suppression.decide.suppress(given(), ada, now)).toEqual([suppressed]);
    expect(suppression.decide.suppress(given(suppressed), ada, now)).toEqual([]);
    expect(suppression.decide.suppress(given(suppressed), { ...ada, contactId: 'bob' }, now)).toHaveLength(1);
  });

  it('given it was of somebody, when the person comes back, then it is nobody’s', () => {
    expect(suppression.decide.release(given(suppressed), { consentId: 'c1' }, now)).toEqual([released]);
    expect(given(suppressed, released)).toEqual({ people: [] });
    expect(suppression.decide.release(given(), { consentId: 'c1' }, now)).toEqual([]);
  });

  it('given it was released, when another one is erased who had it, then it is theirs', () => {
    expect(given(suppressed, released, { ...suppressed, data: { ...ada, contactId: 'bob' } })).toEqual({
      people: ['bob'],
    });
  });
});
