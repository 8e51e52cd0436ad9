import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { email } from '../email/email.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'e1' };
const reserved = { type: 'EmailReserved', data: { userId: 'ada' } };
const released = { type: 'EmailReleased', data: {} };

describe('an e-mail address', () => {
  it('is of one user at a time', () => {
    expect(email.decide.reserve(null, { userId: 'ada' }, at)).toEqual([reserved]);
    const state = fold(email, [reserved]);
    expect(email.decide.reserve(state, { userId: 'ada' }, at)).toEqual([]);
    expect(email.decide.reserve(state, { userId: 'bo' }, at)).toMatchObject({ code: 'email-taken', field: '/email' });
    expect(email.decide.reserve(fold(email, [reserved, released]), { userId: 'bo' }, at)).toHaveLength(1);
  });

  it('goes over only from whom it was seen with', () => {
    const state = fold(email, [reserved]);
    expect(email.decide.reserve(state, { userId: 'bo', instead: 'ada' }, at)).toHaveLength(1);
    expect(email.decide.reserve(state, { userId: 'bo', instead: 'cy' }, at)).toMatchObject({ code: 'email-taken' });
  });

  it('is let go of by whoever has it', () => {
    expect(email.decide.release(fold(email, [reserved]), { userId: 'bo' }, at)).toEqual([]);
    expect(email.decide.release(fold(email, [reserved]), { userId: 'ada' }, at)).toEqual([released]);
  });
});
