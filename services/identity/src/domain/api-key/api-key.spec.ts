import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { apiKey, hasEnded, opens } from './api-key.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'k1' };
const issued = { type: 'ApiKeyIssued', data: { name: 'ERP', userId: 'u1', digest: 'a' } } as const;
const rotated = { type: 'ApiKeyRotated', data: { digest: 'b', formerUntil: '2026-01-02T00:00:00.000Z' } } as const;
const revoked = { type: 'ApiKeyRevoked', data: {} } as const;
const isSame = (one: string, other: string): boolean => one === other;

describe('an API key', () => {
  it('is issued once', () => {
    expect(apiKey.decide.issue(null, issued.data, at)).toEqual([issued]);
    expect(apiKey.decide.issue(fold(apiKey, [issued]), issued.data, at)).toMatchObject({ code: 'already-issued' });
  });

  it('opens with its secret, and for a while with the one before', () => {
    const key = fold(apiKey, [issued, rotated])!;
    const opened = (digest: string, now: string) => opens(key, digest, now, isSame);
    expect(['a', 'b', 'c'].map((digest) => opened(digest, '2026-01-01T12:00:00.000Z'))).toEqual([true, true, false]);
    expect(['a', 'b'].map((digest) => opened(digest, '2026-01-02T00:00:00.000Z'))).toEqual([false, true]);
  });

  it('ends when it is revoked, and when its time has come', () => {
    expect(apiKey.decide.revoke(fold(apiKey, [issued]), {}, at)).toEqual([revoked]);
    const gone = fold(apiKey, [issued, revoked]);
    expect(hasEnded(gone!, at.at)).toBe(true);
    expect(apiKey.decide.revoke(gone, {}, at)).toEqual([]);
    expect(apiKey.decide.rotate(gone, rotated.data, at)).toMatchObject({ code: 'key-revoked' });
    const short = fold(apiKey, [{ ...issued, data: { ...issued.data, expiresAt: '2026-02-01T00:00:00.000Z' } }])!;
    expect(['2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z'].map((now) => hasEnded(short, now))).toEqual([
      false,
      true,
    ]);
  });

  it('tells once a day that it was used', () => {
    const used = { type: 'ApiKeyUsed', data: { on: '2026-01-02' } } as const;
    expect(apiKey.decide.use(fold(apiKey, [issued]), used.data, at)).toEqual([used]);
    for (const on of ['2026-01-01', '2026-01-02'])
      expect(apiKey.decide.use(fold(apiKey, [issued, used]), { on }, at)).toEqual([]);
  });
});
