import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { session } from './session.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 's1' };
const data = { userId: 'u1', digest: 'a', expiresAt: '2026-01-02T00:00:00.000Z', generation: 1 };
const opened = { type: 'SessionOpened', data } as const;
const closed = { type: 'SessionClosed', data: {} } as const;

describe('a session', () => {
  it('is opened once, and closed once', () => {
    expect(session.decide.open(null, data, at)).toEqual([opened]);
    expect(session.decide.close(fold(session, [opened]), {}, at)).toEqual([closed]);
    expect(session.decide.close(fold(session, [opened, closed]), {}, at)).toEqual([]);
    expect(session.decide.close(null, {}, at)).toMatchObject({ code: 'session-not-found' });
    expect(fold(session, [opened, closed])).toMatchObject({ closed: true });
  });
});
