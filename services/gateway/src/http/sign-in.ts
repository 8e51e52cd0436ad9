import { type Clock, DomainError } from '@rapport/kernel';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Credentials } from '../access/credentials.js';
import type { Grant } from '../access/grant.js';
import { secretIn } from '../access/identified.js';
import { requireRecent } from '../access/recent-sign-in.js';
import type { TenantRegions } from '../access/tenant-regions.js';
import type { SessionCookie } from './session-cookie.js';
import type { RateLimit } from '../rate-limit/rate-limit.js';

/** Before a body is read: who asks, and whether they have anything left to spend. */
export class SignIn {
  constructor(
    private readonly credentials: Credentials,
    private readonly rateLimit: RateLimit,
    private readonly cookie: SessionCookie,
    private readonly parts: { readonly clock: Clock; readonly regions: TenantRegions },
  ) {}

  readonly hook = (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const { authorization } = request.headers;
    const kept = authorization === undefined ? this.cookie.in(request) : undefined;
    const letIn = (grant: Grant | undefined): void => {
      try {
        const valid = this.#valid(grant);
        this.parts.regions.refuseOthers(valid.principal.tenant);
        request.exchange.grant = valid;
        this.rateLimit.spend(request.exchange.grant, 1);
      } catch (error) {
        return done(error as Error);
      }
      done();
    };
    try {
      if (kept !== undefined) this.cookie.refuseForeign(request);
      else if (authorization === undefined) throw nobody();
    } catch (error) {
      return done(error as Error);
    }
    const secret = kept ?? secretIn(authorization!);
    // A session is no key: what a browser keeps is not to be sent in a header, nor the other way round.
    if (secret === undefined || secret.startsWith('session_') !== (kept !== undefined)) return letIn(undefined);
    this.credentials.find(secret).then(letIn, done);
  };

  isValid(grant: Grant): boolean {
    return grant.isValid(this.parts.clock.now().getTime());
  }

  /** @throws DomainError forbidden `sign-in-again` */
  requireRecent(grant: Grant): void {
    requireRecent(grant, this.parts.clock);
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

const nobody = (): DomainError =>
  new DomainError('unauthenticated', 'token-missing', 'Send `Authorization: Bearer <token>`, or sign in.');
