import type { Attempts } from '@rapport/access';
import { DomainError, emailKeyOf, isTenant } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callOfGateway } from '../access/call-of-gateway.js';
import type { TenantRegions } from '../access/tenant-regions.js';
import { type Door, guarded } from './door.js';
import { pageHeaders, securityHeaders } from './security-headers.js';

const LINKS = 'rapport.contacts.v1.ConsentLinksService';
const FORM = 'application/x-www-form-urlencoded';
const LONGEST = 4_096;

export interface ConsentParts {
  readonly contacts: Backend;
  readonly attempts: Attempts;
  readonly regions: TenantRegions;
  readonly door: Door;
}

/**
 * What people do who are not signed in: withdraw by one click, as RFC 8058 has it, fill in a form, confirm that it was them. Nobody is
 * told what came of it, so nobody finds out who is known. Looking at a link does nothing: mail programs do that by themselves.
 */
export const addConsentRoutes = (server: FastifyInstance, parts: ConsentParts): void => {
  const { door } = parts;
  const doors = new ConsentDoors(parts);
  void server.register(async (scope) => {
    // What a mail program or a browser sends; there alone, so that no other route takes what a foreign page can send.
    scope.addContentTypeParser([FORM, 'multipart/form-data'], { parseAs: 'string' }, ({ headers }, body, done) => {
      const isForm = headers['content-type']?.startsWith(FORM) === true;
      done(null, isForm ? Object.fromEntries(new URLSearchParams(String(body))) : undefined);
    });
    for (const [path, kind] of KINDS) {
      // Tokens are longer than a parameter may be.
      const url = `/${path}/*`;
      scope.get(url, (_request, reply) => page(reply, kind));
      scope.post(url, guarded(door, (request, reply) => doors.follow(request, reply, kind)) as never);
    }
    scope.post('/consent-requests', guarded(door, (request, reply) => doors.ask(request, reply)) as never);
  });
};

type Kind = 'withdraw' | 'confirm';

const KINDS: readonly (readonly [path: string, kind: Kind])[] = [
  ['unsubscribe', 'withdraw'],
  ['subscribe', 'confirm'],
];

class ConsentDoors {
  constructor(private readonly parts: ConsentParts) {}

  async follow(request: FastifyRequest, reply: FastifyReply, kind: Kind): Promise<void> {
    const { '*': token } = request.params as { readonly '*': string };
    await this.#invoke(token, 'followConsentLink', { token, kind }, request);
    done(reply);
  }

  /** Answers once it cannot be lost, and alike whoever it is. Each counts as failed: whoever asks for many waits longer and longer. */
  async ask(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const [form, address] = ['form', 'address'].map((name) => textIn(request, name)) as [string, string];
    this.parts.attempts.begin(`consent ${emailKeyOf(address)}`, request.ip);
    await this.#invoke(form, 'askConsent', { form, address }, request);
    done(reply, 202);
  }

  async #invoke(token: string, method: string, asked: object, { exchange }: FastifyRequest): Promise<void> {
    const tenant = token.slice(0, Math.max(0, token.indexOf('.')));
    if (!isTenant(tenant) || token.length > LONGEST) return;
    this.parts.regions.refuseOthers(tenant);
    await this.parts.contacts.invoke(LINKS, method, asked, callOfGateway(tenant, undefined, exchange.correlationId));
  }
}

const textIn = ({ body }: FastifyRequest, name: string): string => {
  const value = ((body ?? {}) as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST) return value;
  const message = `Give "${name}", a text of up to ${LONGEST} characters.`;
  const fields = [{ pointer: `/${name}`, code: 'required', message }];
  throw new DomainError('invalid', 'invalid-request', message, { fields });
};

/** The same, whatever came of it. */
const done = (reply: FastifyReply, status = 200): void => {
  reply
    .code(status)
    .headers(securityHeaders)
    .type('text/plain; charset=utf-8')
    .send('Done. You can close this page.\n');
};

const SAID: Readonly<Record<Kind, string>> = { withdraw: 'Unsubscribe', confirm: 'Confirm' };

const page = (reply: FastifyReply, kind: Kind): FastifyReply =>
  reply
    .headers({
      ...pageHeaders,
      'content-security-policy': `${pageHeaders['content-security-policy']}; form-action 'self'`,
    })
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${SAID[kind]}</title>` +
        `<form method="post"><button>${SAID[kind]}</button></form></html>\n`,
    );
