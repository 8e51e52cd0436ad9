import { lookup as resolve, type LookupAddress } from 'node:dns';
import { type IncomingMessage, request as overHttp, type RequestOptions } from 'node:http';
import { request as overTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Networks, notPublic } from './addresses.js';

const LONGEST_BYTES = 1024 * 1024;
const TIMEOUT_MILLISECONDS = 10_000;

/** An address that must not be asked, or an answer that is not taken. */
export class OutgoingRefused extends Error {}

/** What is sent; a part of what `fetch` takes. */
export interface OutgoingRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | URLSearchParams | Uint8Array | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Requests to addresses that somebody has typed in. They must not reach what stands beside Rapport and trusts it: only public
 * addresses are asked, by TLS, and others where the operator allows them. No redirect is followed.
 */
export class Outgoing {
  readonly #allowed: Networks;

  /** @param allowed networks that may be asked although they are not public, without TLS too */
  constructor(allowed: readonly string[] = []) {
    this.#allowed = new Networks(allowed);
  }

  /** Of the form of the global `fetch`. @throws OutgoingRefused */
  readonly fetch = async (address: string | URL, asked: OutgoingRequest = {}): Promise<Response> => {
    const url = new URL(address);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new OutgoingRefused(`${url.protocol} is not asked; use https.`);
    // For an address nobody looks anything up.
    if (isIP(host) > 0 && !this.#may(host, url)) throw refused(host, url);
    const body = asked.body instanceof URLSearchParams ? asked.body.toString() : (asked.body ?? undefined);
    return responseOf(await this.#answer(url, asked, body));
  };

  #answer(url: URL, { method, headers, signal }: OutgoingRequest, body: string | Uint8Array | undefined) {
    const timeout = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const options: RequestOptions = {
      method: method ?? 'GET',
      headers: Object.fromEntries(new Headers(headers)),
      agent: false,
      lookup: this.#lookup(url),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    };
    return new Promise<IncomingMessage>((answered, failed) => {
      const request = (url.protocol === 'https:' ? overTls : overHttp)(url, options, answered);
      request.on('error', failed);
      request.end(body);
    });
  }

  /** What a name leads to is looked at when the connection is made, not before: by then it may lead elsewhere. */
  #lookup(url: URL): LookupFunction {
    return (host, options, done) => {
      resolve(host, { ...options, all: true }, (failure, found: LookupAddress[]) => {
        if (failure) return done(failure, '', 0);
        const usable = found.filter(({ address }) => this.#may(address, url));
        if (usable.length === 0) return done(refused(host, url), '', 0);
        if (options.all) return done(null, usable);
        done(null, usable[0]!.address, usable[0]!.family);
      });
    };
  }

  #may(address: string, { protocol }: URL): boolean {
    return this.#allowed.has(address) || (protocol === 'https:' && !notPublic.has(address));
  }
}

const refused = (host: string, { protocol }: URL): OutgoingRefused =>
  new OutgoingRefused(
    protocol === 'https:'
      ? `${host} is no public address. The operator can allow it with RAPPORT_PRIVATE_ADDRESSES.`
      : `${host} is asked by https only.`,
  );

const NO_CONTENT: ReadonlySet<number> = new Set([204, 205, 304]);

const responseOf = async (message: IncomingMessage): Promise<Response> => {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > LONGEST_BYTES) {
      message.destroy();
      throw new OutgoingRefused('The answer is longer than 1 MB.');
    }
    parts.push(part);
  }
  const status = message.statusCode ?? 502;
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  return new Response(NO_CONTENT.has(status) ? null : Buffer.concat(parts), { status, headers });
};
