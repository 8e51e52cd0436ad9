import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import type { ConsentFields } from './consent.events.js';
import { consent, endOfProof } from './consent.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'e1' };
const grant: ConsentFields = {
  ...{ contactId: 'c1', address: 'ada@example.org', addressKey: 'k1' },
  ...{ channel: 'email', topic: 'newsletter', purpose: 'marketing', state: 'granted', legalBasis: 'consent' },
  ...{ textVersion: '3', text: 'Yes, write to me', source: 'form' },
  ...{ occurredAt: now.at, expiresAt: '2031-01-01T00:00:00.000Z' },
};
const { topic: _, purpose: __, legalBasis: ___, textVersion: ____, text: _____, ...bare } = grant;
const recorded = { type: 'ConsentRecorded', data: grant } as const;
const expired = { type: 'ConsentProofExpired', data: {} } as const;

describe('an entry of the consent ledger', () => {
  it('given nothing, when somebody consents, then it is recorded with what proves it', () => {
    expect(consent.decide.record(null, grant, now)).toEqual([recorded]);
  });

  it('given an entry, when it is recorded again, then it is refused: nothing is edited', () => {
    expect(consent.decide.record(fold(consent, [recorded]), grant, now)).toMatchObject({ code: 'consent-exists' });
  });

  it.each(['topic', 'purpose', 'legalBasis', 'textVersion', 'text'])(
    'given a grant without its %s, it is refused',
    (part) => {
      const { [part as 'topic']: _left, ...rest } = grant;
      expect(consent.decide.record(null, rest, now)).toMatchObject({ code: 'proof-missing', field: `/${part}` });
    },
  );

  it('needs no wording where it rests on something else than consent', () => {
    const { textVersion: _v, text: _t, ...rest } = { ...grant, legalBasis: 'contract' };
    expect(consent.decide.record(null, rest, now)).toHaveLength(1);
  });

  it('needs no reason to withdraw or to object', () => {
    for (const state of ['withdrawn', 'objected'])
      expect(consent.decide.record(null, { ...bare, state }, now)).toHaveLength(1);
  });

  it.each([
    [{ address: '+44 20 7946 0000' }, 'wrong-address'],
    [{ channel: 'sms' }, 'wrong-address'],
    [{ text: 'sha256:abc' }, 'bad-digest'],
    [{ expiresAt: now.at }, 'expired-before'],
  ])('is refused with %j', (change, code) => {
    expect(consent.decide.record(null, { ...grant, ...change }, now)).toMatchObject({ code });
  });

  it('needs an address', () => {
    const { address: _a, addressKey: _k, ...rest } = grant;
    expect(consent.decide.record(null, rest, now)).toMatchObject({ code: 'address-missing' });
  });

  it('given its proof has expired, then only what was said is left, not what proved it', () => {
    const state = fold(consent, [recorded, expired]);
    expect(state).toMatchObject({ state: 'granted', topic: 'newsletter', expired: true });
    for (const part of ['addressKey', 'text', 'textVersion', 'source']) expect(state).not.toHaveProperty(part);
    expect(consent.decide.expire(state, {}, now)).toEqual([]);
  });

  it('waits for the end of its proof', () => {
    expect(endOfProof.dueAt(recorded as never, undefined as never)).toBe(grant.expiresAt);
    expect(endOfProof.dueAt(expired as never, undefined as never)).toBeNull();
  });
});
