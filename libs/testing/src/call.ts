import { newId, type CallContext } from '@rapport/kernel';

/** Circumstances of a call by some user of tenant `main`, with whatever a test wants to be different. */
export const callBy = (given: Partial<CallContext> = {}): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: 'tester' }, roles: ['administrator'] },
  correlationId: newId(),
  answer: {},
  ...given,
});
