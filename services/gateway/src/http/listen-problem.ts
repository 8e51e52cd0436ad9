import { DomainError } from '@rapport/kernel';
import type { GatewayConfig } from '../gateway-config.js';
import { codeOf } from '../problems/failure.js';

/** Why the door does not open: what an operator can mend in a sentence; anything else as it is. */
export const listenProblem = (failure: unknown, { host, port }: GatewayConfig): unknown => {
  const problem = (why: string): DomainError =>
    new DomainError('unavailable', 'cannot-listen', `Cannot listen on ${host}:${port}: ${why}`, { cause: failure });
  switch (codeOf(failure)) {
    case 'EADDRINUSE':
      return problem('another program uses this port. Stop it, or choose another port.');
    case 'EACCES':
      return problem('this user may not use this port. Choose one above 1023.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return problem('this machine has no such address. Choose another host, for example 127.0.0.1.');
    default:
      return failure;
  }
};
