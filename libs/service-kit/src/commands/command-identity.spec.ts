import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '@rapport/kernel';
import { areDifferent, commandIdOf, partIdsOf, recordIdOf } from './command-identity.js';

const requestId = '0197b5a0-1234-7abc-8def-0123456789ab';
const call = (given: Partial<CallContext> = {}): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] },
  correlationId: 'c',
  answer: {},
  ...given,
});

describe('what a call makes', () => {
  it('has new ids where nothing names the call', () => {
    expect(commandIdOf(call(), 'CreateBoat')).toBeUndefined();
    expect(recordIdOf(call(), 'CreateBoat')).not.toBe(recordIdOf(call(), 'CreateBoat'));
  });

  it('has the same ids where the call comes again, which sort by time as all do', () => {
    expect(recordIdOf(call({ requestId }), 'CreateBoat')).toBe(requestId);
    const command = commandIdOf(call({ requestId }), 'CreateBoat')!;
    expect(command).toBe(commandIdOf(call({ requestId, repeated: true }), 'CreateBoat'));
    expect(command).not.toBe(commandIdOf(call({ requestId }), 'RenameBoat'));
    expect(command).toMatch(/^0197b5a0-1234-7abc-[89ab]/);
    expect(command).not.toBe(requestId);
  });

  it('has parts with ids of their own, the same where the call comes again', () => {
    for (const given of [{ requestId }, { requestId, idempotencyKey: 'k' }]) {
      const [ids, again] = [partIdsOf(call(given), 'X'), partIdsOf(call({ ...given, repeated: true }), 'X')];
      expect([ids(0), ids(1)]).toEqual([again(0), again(1)]);
      expect(new Set([ids(0), ids(1), partIdsOf(call(given), 'Y')(0), recordIdOf(call(given), 'X')]).size).toBe(4);
    }
    const fresh = partIdsOf(call(), 'X');
    expect(fresh(0)).not.toBe(fresh(0));
  });

  it('is not compared with what an earlier program digested otherwise', () => {
    expect(areDifferent('3.a', '3.b')).toBe(true);
    expect(areDifferent('3.a', '3.a')).toBe(false);
    expect(areDifferent('2.a', '3.b')).toBe(false);
    expect(areDifferent(undefined, '3.b')).toBe(false);
  });

  it('is named by the client where the client has named it', () => {
    const mine = call({ requestId, idempotencyKey: 'k' });
    const later = call({ requestId: requestId.replace('0197', '0198'), idempotencyKey: 'k' });
    expect([commandIdOf(mine, 'X'), recordIdOf(mine, 'X')]).toEqual([commandIdOf(later, 'X'), recordIdOf(later, 'X')]);
  });
});
