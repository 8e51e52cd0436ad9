import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Context } from 'oidc-provider';

const SCOPES = 'openid profile email groups';

interface Client {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
}

/** A provider of OpenID Connect on this machine, at which whoever is named signs in without being asked anything. */
export class SignInProvider {
  /** What it says of the people whom it knows, by their subjects. */
  readonly people = new Map<string, object>();
  /** Who sits before it. */
  person = '';
  #provider: Provider | undefined;

  private constructor(
    private readonly server: Server,
    private readonly client: Client,
  ) {}

  static async start(client: Client): Promise<SignInProvider> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const started = new SignInProvider(server, client);
    server.on('request', (request, response) => started.#answer(request, response));
    started.changeKeys();
    return started;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** It signs with another key from now on, and does not know the one before any more. */
  changeKeys(): void {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { id: client_id, secret: client_secret, redirectUri } = this.client;
    this.#provider = new Provider(this.issuer, {
      clients: [{ client_id, client_secret, redirect_uris: [redirectUri] }],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig' }] },
      cookies: { keys: [randomUUID()] },
      claims: { email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
      features: { devInteractions: { enabled: false } },
      ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
      findAccount: (_: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, ...this.people.get(accountId) }),
      }),
      loadExistingGrant: async ({ oidc: { client, session, provider } }: Context) => {
        const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope(SCOPES);
        await grant.save();
        return grant;
      },
    });
  }

  stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const provider = this.#provider!;
    if (!request.url!.startsWith('/interaction/')) return provider.callback()(request, response);
    provider.interactionFinished(request, response, { login: { accountId: this.person } }).catch(() => {
      response.writeHead(500).end();
    });
  }
}
