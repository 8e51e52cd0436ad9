import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type Clock, DomainError, type Principal } from '@rapport/kernel';

const ISSUER = 'rapport.gateway';
const AUDIENCE = 'rapport.services';
/** From when it was made, by the clock of whoever reads it: time enough for a call that waits for a connection. */
const LIFETIME_MILLISECONDS = 60_000;
/** Clocks of different machines may be this far apart. */
const TOLERANCE_MILLISECONDS = 30_000;

/** What a signature is about: nobody can use it for something else. */
export interface SignedCall {
  /** `rapport.contacts.v1.ContactsService/EraseContact` */
  readonly method: string;
  readonly request: Uint8Array;
  /** What travels beside the request and decides what is done: key, revision, id of the call. */
  readonly marks: readonly (string | number | undefined)[];
}

interface Claims extends Principal {
  readonly iss: string;
  readonly aud: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly call: string;
}

/** A compact JWS of the one algorithm: another header is another token. */
const HEADER = Buffer.from('{"alg":"EdDSA"}').toString('base64url');

/** Only the gateway can do this: says who asks for what, so that services need not take anybody's word for it. */
export class PrincipalSigner {
  /** @param key of the kind Ed25519 */
  constructor(
    private readonly key: KeyObject,
    private readonly clock: Clock,
  ) {}

  /** Good for this call alone, and for a minute. */
  tokenFor(principal: Principal, call: SignedCall): string {
    const at = this.clock.now().getTime();
    const claims: Claims = { iss: ISSUER, aud: AUDIENCE, at, ...principal, call: digestOf(call) };
    const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.key).toString('base64url')}`;
  }
}

/** What every service does before anything else. */
export class PrincipalVerifier {
  /** @param key the gateway's public one */
  constructor(
    private readonly key: KeyObject,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError unauthenticated, for whatever is not a token of the gateway for this call */
  principalIn(token: string | undefined, call: SignedCall): Principal {
    if (token === undefined)
      throw refused('principal-missing', 'The call says nothing about who asks. Call through the gateway.');
    const claims = this.#claimsIn(token);
    const age = this.clock.now().getTime() - claims.at;
    if (!(age >= -TOLERANCE_MILLISECONDS && age <= LIFETIME_MILLISECONDS)) {
      const message =
        'What the call says about who asks is more than a minute old, or of a time to come: set the clocks of gateway and service right.';
      throw refused('principal-expired', message);
    }
    if (claims.call !== digestOf(call))
      throw refused('principal-for-another-call', 'What the call says about who asks was signed for another call.');
    const { tenant, actor, roles, permissions, policy } = claims;
    return { tenant, actor, roles, ...(permissions && { permissions }), ...(policy && { policy }) };
  }

  #claimsIn(token: string): Claims {
    const [header, payload = '', signature = '', ...rest] = token.split('.');
    const signed = Buffer.from(`${HEADER}.${payload}`);
    if (header === HEADER && rest.length === 0 && verify(null, signed, this.key, Buffer.from(signature, 'base64url'))) {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
      if (claims.iss === ISSUER && claims.aud === AUDIENCE) return claims;
    }
    throw refused('principal-invalid', 'What the call says about who asks was not signed by this gateway.');
  }
}

const digestOf = ({ method, request, marks }: SignedCall): string =>
  createHash('sha256')
    .update(JSON.stringify([method, ...marks.map((mark) => (mark === undefined ? null : String(mark)))]))
    .update(request)
    .digest('base64url');

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
