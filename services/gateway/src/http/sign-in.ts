import { type Clock, DomainError } from '@rapport/kernel';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { AccessTokens } from '../access/access-tokens.js';
import type { Grant } from '../access/grant.js';
import type { RateLimit } from '../rate-limit/rate-limit.js';

/** Before a body is read: who asks, and whether they have anything left to spend. */
export class SignIn {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly rateLimit: RateLimit,
    private readonly clock: Clock,
  ) {}

  readonly hook = (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    try {
      const grant = this.#grantOf(request.headers.authorization);
      request.exchange.grant = grant;
      this.rateLimit.spend(grant, 1);
      done();
    } catch (error) {
      done(error as Error);
    }
  };

  isValid(grant: Grant): boolean {
    return grant.isValid(this.clock.now().getTime());
  }

  #grantOf(authorization: string | undefined): Grant {
    if (authorization === undefined)
      throw new DomainError('unauthenticated', 'token-missing', 'Send `Authorization: Bearer <token>`.');
    const grant = this.tokens.find(authorization);
    if (!grant) throw new DomainError('unauthenticated', 'token-unknown', 'This access token is not known.');
    if (!this.isValid(grant))
      throw new DomainError('unauthenticated', 'token-ended', 'This access token has expired or was revoked.');
    return grant;
  }
}
