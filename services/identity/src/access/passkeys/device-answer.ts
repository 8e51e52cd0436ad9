import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { Passkey } from '../../domain/sign-in/passkeys.js';
import type { RelyingParty } from './relying-party.js';

/** Loaded when somebody comes with a passkey for the first time: it takes as long as all else of a start. */
const webauthn = () => import('@simplewebauthn/server');
const cbor = async () => (await import('@simplewebauthn/server/helpers')).isoCBOR;

/** What a device says: each base64url. */
export interface NewKeySaid {
  readonly clientData: string;
  readonly attestation: string;
}

export interface SignatureSaid {
  readonly credentialId: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signature: string;
}

/** A key that a device has made. */
export interface NewKey {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
}

/** Ed25519, ECDSA on P-256, RSA with SHA-256; as COSE numbers them. */
export const ALGORITHMS = [-8, -7, -257] as const;

/** What the page says that asked the device, of which the device signs a digest. */
interface ClientData {
  readonly challenge: string;
  readonly origin: string;
}

/** @throws where it is none */
export const clientDataIn = (said: string): ClientData => {
  const { challenge, origin } = JSON.parse(bytesIn(said).toString()) as Partial<ClientData>;
  if (typeof challenge === 'string' && typeof origin === 'string') return { challenge, origin };
  throw new TypeError('Client data says no challenge and no origin.');
};

/** Only a page of the party's own may have asked; what the challenge is worth, the caller has seen. */
const expectedOf = (clientData: string, { id, isOrigin }: RelyingParty) => {
  const { challenge, origin } = clientDataIn(clientData);
  if (!isOrigin(origin)) throw new TypeError('It was asked for by a page of somebody else.');
  return { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true };
};

/** @throws where anything of it is not as it has to be */
export const newKeyIn = async ({ clientData, attestation }: NewKeySaid, party: RelyingParty): Promise<NewKey> => {
  const data = await deviceDataIn(attestation);
  const attestationObject = await withoutStatement(data);
  const id = idIn(data);
  const { verifyRegistrationResponse } = await webauthn();
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    ...expectedOf(clientData, party),
    response: {
      ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
      response: { clientDataJSON: clientData, attestationObject },
    },
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  if (!verified) throw new TypeError('It was not verified.');
  const { publicKey, counter } = registrationInfo.credential;
  await refuseUseless(publicKey);
  return { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter };
};

/** As COSE numbers what a key is made of: its kind, and the parts of each. */
const KIND = 1;
const [EC, OKP, RSA] = [2, 1, 3] as const;

/** @throws where no signature could ever be of this key: it would be kept, and open nothing */
const refuseUseless = async (publicKey: Uint8Array<ArrayBuffer>): Promise<void> => {
  const key = (await cbor()).decodeFirst<Map<number, unknown>>(publicKey);
  const part = (label: number): string => Buffer.from(key.get(label) as Uint8Array).toString('base64url');
  const jwk = (): JsonWebKey => {
    if (key.get(KIND) === EC) return { kty: 'EC', crv: 'P-256', x: part(-2), y: part(-3) };
    if (key.get(KIND) === OKP) return { kty: 'OKP', crv: 'Ed25519', x: part(-2) };
    if (key.get(KIND) === RSA) return { kty: 'RSA', n: part(-1), e: part(-2) };
    throw new TypeError('This is a key of no kind that is taken.');
  };
  createPublicKey({ key: jwk(), format: 'jwk' });
};

/** How often the device has signed. @throws where anything of it is not as it has to be */
export const counterIn = async (
  { credentialId, clientData, authenticatorData, signature }: SignatureSaid,
  { publicKey, counter }: Pick<Passkey, 'publicKey' | 'counter'>,
  party: RelyingParty,
): Promise<number> => {
  const { verifyAuthenticationResponse } = await webauthn();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    ...expectedOf(clientData, party),
    response: {
      ...{ id: credentialId, rawId: credentialId, type: 'public-key', clientExtensionResults: {} },
      response: { clientDataJSON: clientData, authenticatorData, signature },
    },
    credential: { id: credentialId, publicKey: new Uint8Array(bytesIn(publicKey ?? '')), counter },
  });
  if (!verified) throw new TypeError('The signature is another one.');
  return authenticationInfo.newCounter;
};

const bytesIn = (text: string): Buffer => Buffer.from(text, 'base64url');

/** Of an attestation: digest of the party, flags, counter, and the new key. */
const deviceDataIn = async (attestation: string): Promise<Uint8Array<ArrayBuffer>> => {
  const decoded: unknown = (await cbor()).decodeFirst(new Uint8Array(bytesIn(attestation)));
  const data: unknown = decoded instanceof Map ? decoded.get('authData') : undefined;
  if (data instanceof Uint8Array) return new Uint8Array(data);
  throw new TypeError('This is no attestation.');
};

/**
 * Which maker vouches for the device does not count here, and nothing was asked for. To check what is said nevertheless would mean
 * to fetch lists of revoked certificates from addresses that stand in it.
 */
const withoutStatement = async (authData: Uint8Array): Promise<string> => {
  const none = new Map<string, unknown>([
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', authData],
  ]);
  return Buffer.from((await cbor()).encode(none as never)).toString('base64url');
};

/** Behind digest, flags, counter and maker: its length, then the id. */
const [LENGTH_AT, ID_AT] = [53, 55] as const;

const idIn = (authData: Uint8Array): string => {
  const data = Buffer.from(authData);
  const length = data.readUInt16BE(LENGTH_AT);
  return data.subarray(ID_AT, ID_AT + length).toString('base64url');
};
