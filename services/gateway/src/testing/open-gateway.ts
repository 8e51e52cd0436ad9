import type { Backend } from '@rapport/service-kit';
import { CREDENTIALS } from '../access/credentials.js';
import { createGateway, type Gateway } from '../gateway.js';
import type { GatewayConfig } from '../gateway-config.js';
import type { GatewayOptions } from '../gateway-options.js';
import { fakeContacts } from './fake-context.js';
import { FakeIdentity } from './fake-identity.js';

export const ADMIN = 'administrator-of-the-tests';

/** A gateway on a free port, and a client that speaks JSON to it. */
export interface OpenGateway {
  readonly gateway: Gateway;
  fetch(path: string, init?: RequestInit & { readonly token?: string | null }): Promise<Response>;
  /** Sends JSON and reads JSON. */
  call<B = Body>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<B>>;
  tokenFor(...roles: string[]): Promise<string>;
  close(): Promise<void>;
}

export interface Answer<B = Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: B;
}

/** What tests look at in answers of every kind; which of it is there is what they are about. */
export interface Body {
  readonly id: string;
  readonly status: number;
  readonly kind: string;
  readonly name: string;
  readonly lastName: string;
  readonly tenant: string;
  readonly actor: { readonly id: string };
  readonly permissions: readonly string[];
  readonly secret: string;
  readonly revokedAt: string;
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  readonly errors: readonly object[];
  readonly retryable: boolean;
  readonly data: readonly Body[];
  readonly next: string;
  readonly hasMore: boolean;
  readonly cursor: string;
  readonly recordedtime: string;
}

type Opening = Partial<Omit<GatewayOptions, 'config'>> & {
  readonly backend?: Backend;
  /** Where tokens are kept, for several gateways before the same ones. */
  readonly tokens?: FakeIdentity;
  readonly config?: Partial<GatewayConfig>;
};

export const openGateway = async ({
  backend = fakeContacts(),
  tokens = new FakeIdentity(),
  contexts = [{ name: 'contacts', importKinds: ['accounts', 'contacts'], backend }],
  config = {},
  ...options
}: Opening = {}): Promise<OpenGateway> => {
  const behind = contexts.find((context) => context.backend.services.has(CREDENTIALS));
  const identity = tokens.context(behind?.backend);
  const gateway = await createGateway({
    contexts: behind ? contexts.map((each) => (each === behind ? identity : each)) : [...contexts, identity],
    ...options,
    config: { port: 0, adminToken: ADMIN, ...config },
  });
  return { gateway, close: () => gateway.close(), ...clientOf(gateway.address) };
};

const clientOf = (address: string): Pick<OpenGateway, 'fetch' | 'call' | 'tokenFor'> => {
  const send: OpenGateway['fetch'] = (path, { token = ADMIN, headers, ...init } = {}) => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    return fetch(`${address}${path}`, {
      ...init,
      headers: { ...authorization, ...(headers as Record<string, string>) },
    });
  };
  const call: OpenGateway['call'] = async <B = Body>(
    method: string,
    path: string,
    body?: unknown,
    { authorization: token = ADMIN, ...headers }: Record<string, string> = {},
  ) => {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const init = { method, token, headers: { ...content, ...headers }, ...(body === undefined ? {} : { body: text }) };
    const response = await send(path, init);
    const answer = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (answer === '' ? undefined : JSON.parse(answer)) as B,
    };
  };
  const tokenFor = async (...roles: string[]): Promise<string> =>
    (await call('POST', '/v1/access-tokens', { name: 'test', roles })).body.secret;
  return { fetch: send, call, tokenFor };
};
