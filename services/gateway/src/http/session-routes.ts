import type { Attempt, Attempts } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError, emailKeyOf, isTenant } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callOfGateway } from '../access/call-of-gateway.js';
import { CREDENTIALS } from '../access/credentials.js';
import { identified } from '../access/identified.js';
import type { TenantRegions } from '../access/tenant-regions.js';
import type { HttpMethod } from '../contract/contract.js';
import { parsePathTemplate } from '../contract/path-template.js';
import { deviceOf } from './device-of.js';
import type { OncePerMinute } from '../audit/once-per-minute.js';
import { type Fields, fieldsIn } from './body-fields.js';
import { type Door, guarded, type Handler } from './door.js';
import type { NotFound } from './not-found.js';
import { securityHeaders } from './security-headers.js';
import type { SessionCookie } from './session-cookie.js';

export interface SessionParts {
  readonly identity: Backend;
  readonly attempts: Attempts;
  readonly heldBack: OncePerMinute;
  readonly cookie: SessionCookie;
  readonly door: Door;
  readonly notFound: NotFound;
  readonly regions: TenantRegions;
  /** Of whoever names none. */
  readonly tenant: string;
}

/**
 * What comes before anybody is known, and so is no method of the contract: signing in and out, and choosing a password. The
 * secret of a session goes into a cookie and nowhere else.
 */
export const addSessionRoutes = (server: FastifyInstance, parts: SessionParts): void => {
  const { door, notFound, cookie } = parts;
  const route = (method: HttpMethod, url: string, handle: Parameters<typeof guarded>[1]): void => {
    notFound.add(
      method,
      parsePathTemplate(url, (name) => name),
    );
    const handler: Handler = guarded(door, async (request, reply) => {
      cookie.refuseForeign(request);
      await handle(request, reply);
    });
    server.route({ method, url, handler });
  };
  const doors = new SessionDoors(parts);
  route('POST', '/v1/sessions', (request, reply) => doors.signIn(request, reply));
  route('POST', '/v1/passkey-challenges', (request, reply) => doors.challenge(request, reply));
  route('POST', '/v1/passwords', (request, reply) => doors.choosePassword(request, reply));
  route('POST', '/v1/password-resets', (request, reply) => doors.resetPassword(request, reply));
  route('DELETE', '/v1/sessions/current', (request, reply) => doors.signOut(request, reply));
};

class SessionDoors {
  constructor(private readonly parts: SessionParts) {}

  async signIn(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const body = fieldsIn(request.body);
    const tenant = this.#tenantIn(body);
    const passkey = body.inner('passkey');
    const { method, account, asked, named } = passkey ? byPasskey(passkey) : byPassword(body);
    const attempt = await this.#begin(`${tenant} ${account}`, tenant, named, request);
    const opened = await this.#ask(method, { ...asked, ...from(request) }, this.#call(tenant, request));
    attempt.succeeded();
    this.#letIn(request, reply, opened);
  }

  /** What a passkey has to sign: anybody may ask. */
  async challenge(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const tenant = this.#tenantIn(fieldsIn(request.body));
    const call = this.#call(tenant, request);
    const challenge = await this.parts.identity.invoke(CREDENTIALS, 'getPasskeyChallenge', {}, call);
    reply.code(201).headers(securityHeaders).send(challenge);
  }

  async choosePassword(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const body = fieldsIn(request.body);
    if (body.optional('link') === undefined && body.optional('current') !== undefined)
      return this.#changePassword(body, request, reply);
    const said = identified(body.text('link'));
    const asked = {
      ...{ password: body.text('password'), email: body.optional('email'), code: body.optional('code') },
      ...from(request),
    };
    if (said.kind !== 'link')
      throw new DomainError('gone', 'link-ended', 'This is no link of Rapport. Copy all of it.');
    this.parts.regions.refuseOthers(said.tenant);
    const { id, digest, tenant } = said;
    const attempt = await this.#begin(`link ${tenant} ${id}`, tenant, { userId: id }, request);
    const opened = await this.#ask('choosePassword', { id, digest, ...asked }, this.#call(tenant, request));
    attempt.succeeded();
    this.#letIn(request, reply, opened);
  }

  /** For who has signed in: with the present password, which somebody at an open browser does not know. */
  async #changePassword(body: Fields, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const said = identified(this.parts.cookie.in(request) ?? '');
    const call = this.#call(said.tenant, request);
    const known = said.kind === 'session' ? await this.#resolved(said, call) : undefined;
    if (known?.state !== 'valid')
      throw new DomainError('unauthenticated', 'token-missing', 'Sign in to change your password, or use a link.');
    const { userId } = known;
    const asked = { current: body.text('current'), password: body.text('password'), code: body.optional('code') };
    const attempt = await this.#begin(`password ${said.tenant} ${userId}`, said.tenant, { userId }, request);
    const opened = await this.#ask('changePassword', { userId, ...asked, ...from(request) }, call);
    attempt.succeeded();
    this.#letIn(request, reply, opened);
  }

  /** @throws DomainError rate-limited, which is noted in the audit trail */
  async #begin(account: string, tenant: string, named: Named, request: FastifyRequest): Promise<Attempt> {
    const { attempts, heldBack, identity } = this.parts;
    try {
      return attempts.begin(account, request.ip);
    } catch (failure) {
      const isToNote = isTenant(tenant) && heldBack.isNew(`${account} ${request.ip}`);
      // Whoever is to be held back is, whether it can be noted or not.
      if (isToNote)
        await identity
          .invoke(CREDENTIALS, 'noteHeldBack', { ...named, address: request.ip }, this.#call(tenant, request))
          .catch(() => undefined);
      throw failure;
    }
  }

  /** Answers before anything is looked up: neither what it says nor how long it takes tells whether there is such a user. */
  async resetPassword(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const body = fieldsIn(request.body);
    const tenant = body.optional('tenant') ?? this.parts.tenant;
    const email = body.text('email');
    // Each counts as failed: whoever asks for many waits longer and longer.
    await this.#begin(`reset ${tenant} ${emailKeyOf(email)}`, tenant, { email }, request);
    reply.code(202).headers(securityHeaders).send({});
    if (!isTenant(tenant)) return;
    await this.parts.identity.invoke(CREDENTIALS, 'requestPasswordReset', { email }, this.#call(tenant, request));
  }

  async signOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { cookie, identity } = this.parts;
    const said = identified(cookie.in(request) ?? '');
    const call = this.#call(said.tenant, request);
    const known = said.kind === 'session' ? await this.#resolved(said, call) : undefined;
    if (known?.state === 'valid') await identity.invoke(CREDENTIALS, 'closeOpenedSession', { id: said.id }, call);
    reply.code(204).headers(securityHeaders).header('set-cookie', cookie.forgotten).send();
  }

  async #resolved({ id, digest }: { readonly id: string; readonly digest: string }, call: CallContext) {
    const asked: identityV1.ResolveRequest = { id, digest, kind: 'session' };
    return (await this.parts.identity.invoke(CREDENTIALS, 'resolve', asked, call)) as identityV1.Credential;
  }

  async #ask(method: string, asked: object, call: CallContext): Promise<identityV1.OpenedSession> {
    try {
      return (await this.parts.identity.invoke(CREDENTIALS, method, asked, call)) as identityV1.OpenedSession;
    } catch (failure) {
      throw failure instanceof DomainError && failure.kind === 'forbidden' ? notIn(failure) : failure;
    }
  }

  #tenantIn(body: Fields): string {
    const tenant = body.optional('tenant') ?? this.parts.tenant;
    if (!isTenant(tenant))
      throw new DomainError('unauthenticated', 'sign-in-refused', 'There is no such organisation.');
    this.parts.regions.refuseOthers(tenant);
    return tenant;
  }

  #call(tenant: string, { exchange }: FastifyRequest): CallContext {
    return callOfGateway(tenant, undefined, exchange.correlationId);
  }

  #letIn({ exchange }: FastifyRequest, reply: FastifyReply, opened: identityV1.OpenedSession): void {
    const { secret, userId, expiresAt } = opened;
    reply
      .code(201)
      .headers({ ...securityHeaders, 'x-correlation-id': exchange.correlationId })
      .header('set-cookie', this.parts.cookie.kept(secret, expiresAt))
      .send({ userId, expiresAt });
  }
}

/** Of a context that word would be about the gateway. */
const notIn = ({ code, message }: DomainError): DomainError => new DomainError('unauthenticated', code, message);

/** Whom somebody names, for the audit trail. */
interface Named {
  readonly email?: string;
  readonly userId?: string;
}

const from = (request: FastifyRequest) => ({ address: request.ip, device: deviceOf(request) });

/** How somebody wants in: what identity is asked, and what failures are counted by. */
interface Wish {
  readonly method: 'openSession' | 'openPasskeySession';
  readonly account: string;
  readonly asked: object;
  readonly named: Named;
}

const byPassword = (body: Fields): Wish => {
  const [email, password] = [body.text('email'), body.text('password')];
  const asked = { email, password, code: body.optional('code') };
  return { method: 'openSession', account: emailKeyOf(email), asked, named: { email } };
};

const byPasskey = (said: Fields): Wish => {
  const userHandle = said.text('userHandle');
  const asked = {
    ...{ userHandle, credentialId: said.text('id'), clientData: said.text('clientData') },
    ...{ authenticatorData: said.text('authenticatorData'), signature: said.text('signature') },
  };
  return { method: 'openPasskeySession', account: `passkey ${userHandle}`, asked, named: {} };
};
