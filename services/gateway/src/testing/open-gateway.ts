import { InMemoryEventStore } from '@rapport/event-store';
import type { Backend } from '@rapport/service-kit';
import { createGateway, type Gateway } from '../gateway.js';
import type { GatewayConfig } from '../gateway-config.js';
import type { GatewayOptions } from '../gateway-options.js';
import { fakeContacts } from './fake-context.js';

export const ADMIN = 'administrator-of-the-tests';

/** A gateway on a free port, and a client that speaks JSON to it. */
export interface OpenGateway {
  readonly gateway: Gateway;
  readonly store: InMemoryEventStore;
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
  readonly config?: Partial<GatewayConfig>;
};

export const openGateway = async ({
  backend = fakeContacts(),
  config = {},
  ...options
}: Opening = {}): Promise<OpenGateway> => {
  const store = new InMemoryEventStore();
  const gateway = await createGateway({
    contexts: [{ name: 'contacts', importKinds: ['accounts', 'contacts'], backend }],
    accessEvents: store,
    ...options,
    config: { port: 0, adminToken: ADMIN, ...config },
  });
  const close = async (): Promise<void> => {
    await gateway.close();
    await store.close();
  };
  return { gateway, store, close, ...clientOf(gateway.address) };
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
