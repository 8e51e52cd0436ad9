import { DomainError } from '@rapport/kernel';
import type { FastifyRequest } from 'fastify';
import type { PublicAddress } from './public-address.js';

/** Nobody takes longer to sign in elsewhere. */
const AWAY_SECONDS = 600;

/** No script reads it, no other site sends it. With TLS it is this host's alone, and never sent without. */
export class SessionCookie {
  constructor(private readonly address: PublicAddress) {}

  /** The secret of the session that a browser keeps. */
  in(request: FastifyRequest): string | undefined {
    return valueOf(this.#name, request);
  }

  /** What a browser keeps while it is at a provider's. */
  awayIn(request: FastifyRequest): string | undefined {
    return valueOf(this.#awayName, request);
  }

  /** The header that has the browser keep it. It comes back from another site, so its cookie has to be sent then. */
  away(value: string): string {
    return `${this.#awayName}=${value}; Path=/; Max-Age=${AWAY_SECONDS}; HttpOnly; SameSite=Lax${this.#secure}`;
  }

  /** The header that has the browser forget it. */
  get back(): string {
    return `${this.#awayName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${this.#secure}`;
  }

  /** The header that has the browser keep it until then. */
  kept(secret: string, expiresAt: string): string {
    return this.#header(secret, new Date(expiresAt));
  }

  /** The header that has the browser forget it. */
  get forgotten(): string {
    return this.#header('', new Date(0));
  }

  /**
   * Requests that a browser makes for a page of another site carry no session; those that it makes for ours say so.
   * @throws DomainError forbidden
   */
  refuseForeign({ headers, method }: FastifyRequest): void {
    const { origin, host, 'sec-fetch-site': site } = headers;
    const isOurs = origin === undefined ? isPlain(method, site) : origin === this.address.originFor(host);
    if (isOurs) return;
    const message =
      'This request comes from a page of another site, or does not say from which. Send `Origin`, or come with a key.';
    throw new DomainError('forbidden', 'foreign-origin', message);
  }

  #header(value: string, expires: Date): string {
    return `${this.#name}=${value}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Strict${this.#secure}`;
  }

  get #secure(): string {
    return this.address.isSecure ? '; Secure' : '';
  }

  get #awayName(): string {
    return `${this.#name}-away`;
  }

  get #name(): string {
    return this.address.isSecure ? '__Host-rapport' : 'rapport';
  }
}

const valueOf = (name: string, { headers }: FastifyRequest): string | undefined => {
  const parts = (headers.cookie ?? '').split(';').map((part) => part.trim());
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
};

/** Browsers name no origin where a page of ours only reads, or somebody opens an address. */
const isPlain = (method: string, site: string | string[] | undefined): boolean =>
  (method === 'GET' || method === 'HEAD') && (site === undefined || site === 'same-origin' || site === 'none');
