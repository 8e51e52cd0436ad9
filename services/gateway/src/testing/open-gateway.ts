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
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  tokenFor(...roles: string[]): Promise<string>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

export const openGateway = async ({
  backend = fakeContacts(),
  config = {},
  ...options
}: Partial<Omit<GatewayOptions, 'config'>> & {
  readonly backend?: Backend;
  readonly config?: Partial<GatewayConfig>;
} = {}): Promise<OpenGateway> => {
  const store = new InMemoryEventStore();
  const gateway = await createGateway({
    contexts: [{ name: 'contacts', backend }],
    accessEvents: store,
    ...options,
    config: { port: 0, adminToken: ADMIN, ...config },
  });
  const send: OpenGateway['fetch'] = (path, { token = ADMIN, headers, ...init } = {}) =>
    fetch(`${gateway.address}${path}`, {
      ...init,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(headers as Record<string, string>),
      },
    });
  const call: OpenGateway['call'] = async (method, path, body, headers = {}) => {
    const { authorization, ...rest } = headers;
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const text = body === undefined || typeof body === 'string' ? (body as string | undefined) : JSON.stringify(body);
    const token = authorization ?? ADMIN;
    const response = await send(path, {
      method,
      token,
      headers: { ...type, ...rest },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, body: answer === '' ? undefined : JSON.parse(answer) };
  };
  const tokenFor = async (...roles: string[]): Promise<string> =>
    ((await call('POST', '/v1/access-tokens', { name: 'test', roles })).body as { secret: string }).secret;
  const close = async (): Promise<void> => {
    await gateway.close();
    await store.close();
  };
  return { gateway, store, fetch: send, call, tokenFor, close };
};
