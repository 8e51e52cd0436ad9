import type { Attempts } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { DomainError, isId, isTenant } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callOfGateway } from '../access/call-of-gateway.js';
import type { TenantRegions } from '../access/tenant-regions.js';
import { type Door, guarded } from './door.js';
import { formPage, thanksPage } from './form-pages.js';
import { pageHeaders, securityHeaders } from './security-headers.js';

const FORMS = 'rapport.contacts.v1.FormsService';
const URLENCODED = 'application/x-www-form-urlencoded';
const MOST_VALUES = 60;
const LONGEST = 20_000;

export interface FormParts {
  readonly contacts: Backend;
  readonly attempts: Attempts;
  readonly regions: TenantRegions;
  readonly door: Door;
}

/** Forms for everybody: as a page, or as JSON for a page of one's own. Nobody is told what came of what they sent, so nobody finds out who is known. */
export const addFormRoutes = (server: FastifyInstance, parts: FormParts): void => {
  const doors = new FormDoors(parts);
  const url = '/v1/public/forms/:key';
  void server.register(async (scope) => {
    scope.addContentTypeParser(URLENCODED, { parseAs: 'string' }, (_, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    });
    scope.get(url, guarded(parts.door, (request, reply) => doors.show(request, reply)) as never);
    scope.post(url, guarded(parts.door, (request, reply) => doors.take(request, reply)) as never);
  });
};

class FormDoors {
  constructor(private readonly parts: FormParts) {}

  async show(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const shown = (await this.#invoke('showForm', {}, request)) as contactsV1.ShownForm;
    if (wantsJson(request)) return void reply.headers(securityHeaders).send(shown);
    page(reply, formPage(shown, request.query as Readonly<Record<string, unknown>>));
  }

  async take(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const values = valuesIn(request.body);
    this.#refuseFlood(values['token'] ?? '', request.ip);
    const done = (await this.#invoke('submitForm', { values }, request)) as contactsV1.FormSubmitted;
    const { redirectUrl, thankYou = 'Thank you.' } = done;
    if (!isPosted(request)) return void reply.code(202).headers(securityHeaders).send({ thankYou, redirectUrl });
    if (redirectUrl) return void reply.headers(securityHeaders).redirect(redirectUrl, 303);
    page(reply, thanksPage(thankYou));
  }

  /** Each counts: whoever sends many waits longer and longer. */
  #refuseFlood(token: string, address: string): void {
    try {
      this.parts.attempts.begin(`form ${token.slice(0, 200)} of ${address}`, address);
    } catch (failure) {
      if (!(failure instanceof DomainError) || failure.kind !== 'rate-limited') throw failure;
      const { retryAfterSeconds = 1 } = failure.details;
      const message = `Too much was sent from your address. Come back in ${retryAfterSeconds} s.`;
      throw new DomainError('rate-limited', 'too-many-posts', message, { retryAfterSeconds });
    }
  }

  async #invoke(method: string, asked: object, { params, exchange }: FastifyRequest): Promise<unknown> {
    const { key } = params as { readonly key: string };
    const at = key.lastIndexOf('.');
    const [tenant, id] = [key.slice(0, Math.max(0, at)), key.slice(at + 1)];
    if (!isTenant(tenant) || !isId(id)) throw noForm();
    this.parts.regions.refuseOthers(tenant);
    const call = callOfGateway(tenant, undefined, exchange.correlationId);
    return this.parts.contacts.invoke(FORMS, method, { id, ...asked }, call);
  }
}

const noForm = (): DomainError =>
  new DomainError('not-found', 'form-not-found', 'There is no such form, or it takes nothing any more.');

const wantsJson = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('application/json') === true;

const isPosted = ({ headers }: FastifyRequest): boolean => headers['content-type']?.startsWith(URLENCODED) === true;

/** @throws DomainError invalid, where it is something else than texts */
const valuesIn = (body: unknown): Readonly<Record<string, string>> => {
  const entries = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : undefined;
  const isFine = entries?.every(
    ([, value]) => typeof value === 'boolean' || (typeof value === 'string' && value.length <= LONGEST),
  );
  if (!entries || !isFine || entries.length > MOST_VALUES) {
    const message = `Send an object of up to ${MOST_VALUES} texts of up to ${LONGEST} characters, by the names of the fields.`;
    throw new DomainError('invalid', 'invalid-request', message);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, value === false ? '' : String(value)]));
};

const page = (reply: FastifyReply, html: string): void => {
  const policy = `${pageHeaders['content-security-policy']}; form-action *`;
  reply
    .headers({ ...pageHeaders, 'cache-control': 'no-store', 'content-security-policy': policy })
    .type('text/html; charset=utf-8')
    .send(html);
};
