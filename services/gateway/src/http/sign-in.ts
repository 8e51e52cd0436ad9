import { type Clock, DomainError } from '@rapport/kernel';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { type AccessTokens, secretIn } from '../access/access-tokens.js';
import type { Credentials } from '../access/credentials.js';
import type { Grant } from '../access/grant.js';
import type { RateLimit } from '../rate-limit/rate-limit.js';

/** Before a body is read: who asks, and whether they have anything left to spend. */
export class SignIn {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly credentials: Credentials,
    private readonly rateLimit: RateLimit,
    private readonly clock: Clock,
  ) {}

  readonly hook = (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const { authorization } = request.headers;
    const letIn = (grant: Grant | undefined): void => {
      try {
        request.exchange.grant = this.#valid(grant);
        this.rateLimit.spend(request.exchange.grant, 1);
      } catch (error) {
        return done(error as Error);
      }
      done();
    };
    if (authorization === undefined)
      return done(new DomainError('unauthenticated', 'token-missing', 'Send `Authorization: Bearer <token>`.'));
    const token = this.tokens.find(authorization);
    if (token) return letIn(token);
    const secret = secretIn(authorization);
    if (secret === undefined) return letIn(undefined);
    this.credentials.find(secret).then(letIn, done);
  };

  isValid(grant: Grant): boolean {
    return grant.isValid(this.clock.now().getTime());
  }

  /** To be kept as long as something goes on that the grant allows. */
  hold(grant: Grant): Disposable {
    return this.credentials.hold(grant);
  }

  #valid(grant: Grant | undefined): Grant {
    if (!grant) throw new DomainError('unauthenticated', 'token-unknown', 'This access token is not known.');
    if (this.isValid(grant)) return grant;
    throw new DomainError('unauthenticated', 'token-ended', 'This access token has expired or was revoked.');
  }
}
