import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '@rapport/kernel';
import { commandIdOf, recordIdOf } from './command-identity.js';

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

  it('is named by the client where the client has named it', () => {
    const mine = call({ requestId, idempotencyKey: 'k' });
    const later = call({ requestId: requestId.replace('0197', '0198'), idempotencyKey: 'k' });
    expect([commandIdOf(mine, 'X'), recordIdOf(mine, 'X')]).toEqual([commandIdOf(later, 'X'), recordIdOf(later, 'X')]);
  });
});
