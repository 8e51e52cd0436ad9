import type { identityV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';
import { type Outgoing, OutgoingRefused } from '@rapport/outgoing';
import * as openid from 'openid-client';

/** What a browser brings back to show that it is the one that was sent away. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Whom a provider says that it has before it. */
export type Said = Omit<identityV1.OpenProvidedSessionRequest, 'providerId' | 'address' | 'device'>;

type Provider = identityV1.OfferedProvider;

const SCOPES = 'openid profile email';
const GROUPS = 'groups';

/**
 * Sign-in by OpenID Connect: authorisation code with PKCE. What a provider says of itself and its keys are asked for anew each time,
 * so that other keys count at once; a sign-in is rare.
 */
export class ProviderClient {
  constructor(private readonly outgoing: Outgoing) {}

  /** Where the browser goes, and what it has to bring back. */
  async begin(provider: Provider, redirectUri: string): Promise<{ readonly address: string; readonly begun: Begun }> {
    const config = await this.#configured(provider);
    const begun = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const address = openid.buildAuthorizationUrl(config, {
      ...{ redirect_uri: redirectUri, scope: provider.scopes ?? SCOPES, state: begun.state, nonce: begun.nonce },
      ...{ code_challenge: await openid.calculatePKCECodeChallenge(begun.verifier), code_challenge_method: 'S256' },
    });
    return { address: address.href, begun };
  }

  /** @param came the address with which the browser came back */
  async finish(provider: Provider, came: URL, { state, nonce, verifier }: Begun): Promise<Said> {
    const config = await this.#configured(provider);
    try {
      const tokens = await openid.authorizationCodeGrant(config, came, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      });
      const claims = tokens.claims()!;
      const further = await this.#further(config, tokens.access_token, claims);
      return saidOf(provider, { ...further, ...claims });
    } catch (cause) {
      const message = 'The provider did not confirm who you are. Sign in again.';
      throw new DomainError('unauthenticated', 'provider-refused', message, { cause });
    }
  }

  /** Many say in the token only who it is, and the rest to whoever asks. */
  async #further(config: openid.Configuration, accessToken: string, claims: openid.IDToken): Promise<object> {
    if (config.serverMetadata().userinfo_endpoint === undefined) return {};
    return openid.fetchUserInfo(config, accessToken, claims.sub);
  }

  async #configured({ issuer, clientId, clientSecret }: Provider): Promise<openid.Configuration> {
    const auth = clientSecret === undefined ? openid.None() : undefined;
    // Whether an address may be asked without TLS is for the one who asks it to say.
    const execute = [openid.allowInsecureRequests, openid.enableNonRepudiationChecks];
    const fetch = this.outgoing.fetch as openid.CustomFetch;
    try {
      return await openid.discovery(new URL(issuer), clientId, clientSecret, auth, {
        execute,
        [openid.customFetch]: fetch,
      });
    } catch (cause) {
      const reason = refusal(cause);
      const message = `The provider at ${issuer} cannot be asked at the moment.${reason === undefined ? '' : ` ${reason}`}`;
      throw new DomainError('unavailable', 'provider-unreachable', message, { cause });
    }
  }
}

const refusal = (failure: unknown): string | undefined => {
  for (let each = failure; each instanceof Error; each = each.cause)
    if (each instanceof OutgoingRefused) return each.message;
  return undefined;
};

type Claims = Readonly<Record<string, unknown>>;

const saidOf = ({ groupsClaim = GROUPS, issuer }: Provider, claims: Claims): Said => {
  const groups = claims[groupsClaim];
  return {
    ...{ issuer, subject: String(claims['sub']) },
    ...{ email: text(claims['email']), emailVerified: claims['email_verified'] === true, name: text(claims['name']) },
    groups: (Array.isArray(groups) ? groups : [groups]).filter((each) => typeof each === 'string'),
  };
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 300) : undefined;
