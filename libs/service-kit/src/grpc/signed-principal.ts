import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { type Clock, DomainError, type Principal } from '@rapport/kernel';

const ALGORITHM = 'EdDSA';
const ISSUER = 'rapport.gateway';
const AUDIENCE = 'rapport.services';
const LIFETIME_SECONDS = 5 * 60;
/** Clocks of different machines may be this far apart. */
const TOLERANCE_SECONDS = 5 * 60;
/** So many verified tokens are remembered, to spare a signature check per call. */
const REMEMBERED = 10_000;

interface Minted {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly renewAt: number;
}

/** Only the gateway can do this: says who asks, so that services need not take anybody's word for it. */
export class PrincipalSigner {
  readonly #minted = new WeakMap<Principal, Minted>();

  /** @param key of the kind Ed25519 */
  constructor(
    private readonly key: KeyObject,
    private readonly clock: Clock,
  ) {}

  /** A compact JWS; the same one for the same principal for a few minutes. */
  async tokenFor(principal: Principal): Promise<string> {
    const now = this.clock.now().getTime();
    const minted = this.#minted.get(principal);
    if (minted !== undefined && now < minted.renewAt) return minted.token;
    const { tenant, actor, roles } = principal;
    const seconds = Math.floor(now / 1000);
    const token = await new SignJWT({ tenant, actor, roles })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFETIME_SECONDS)
      .sign(this.key);
    this.#minted.set(principal, { token, renewAt: now + (LIFETIME_SECONDS * 1000) / 2 });
    return token;
  }
}

interface Verified {
  readonly principal: Principal;
  /** Milliseconds since 1970, tolerance included. */
  readonly until: number;
}

/** What every service does before anything else. */
export class PrincipalVerifier {
  readonly #verified = new Map<string, Verified>();

  /** @param key the gateway's public one */
  constructor(
    private readonly key: KeyObject,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError unauthenticated, for whatever is not a token of the gateway */
  async principalIn(token: string | undefined): Promise<Principal> {
    if (token === undefined)
      throw refused('principal-missing', 'The call says nothing about who asks. Call through the gateway.');
    const now = this.clock.now();
    const known = this.#verified.get(token);
    if (known !== undefined && now.getTime() < known.until) return known.principal;
    const verified = await this.#verify(token, now);
    if (this.#verified.size >= REMEMBERED) this.#verified.delete(this.#verified.keys().next().value!);
    this.#verified.set(token, verified);
    return verified.principal;
  }

  async #verify(token: string, currentDate: Date): Promise<Verified> {
    try {
      const { payload } = await jwtVerify<Principal>(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTolerance: TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'tenant', 'actor', 'roles'],
        currentDate,
      });
      const { tenant, actor, roles, exp } = payload;
      return { principal: { tenant, actor, roles }, until: (exp! + TOLERANCE_SECONDS) * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw refused(
          'principal-expired',
          'What the call says about who asks has expired: the clocks differ too much.',
        );
      throw refused('principal-invalid', 'What the call says about who asks was not signed by this gateway.');
    }
  }
}

/** @throws DomainError invalid */
export const privateKeyFrom = (pem: string, where: string): KeyObject => ed25519(() => createPrivateKey(pem), where);

/** @throws DomainError invalid, also for a private key, which has no business with a service */
export const publicKeyFrom = (pem: string, where: string): KeyObject =>
  ed25519(() => (pem.includes('PUBLIC KEY') ? createPublicKey(pem) : undefined), where);

const ed25519 = (read: () => KeyObject | undefined, where: string): KeyObject => {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch {
    // Said below, without the key.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new DomainError(
    'invalid',
    'bad-key',
    `${where} is not the PEM of an Ed25519 key of its kind. Make a pair: npm run keys`,
  );
};

const refused = (code: string, message: string): DomainError => new DomainError('unauthenticated', code, message);
