import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from 'node:crypto';

type Curve = 'P-256' | 'Ed25519';

/** What a device that keeps passkeys is told to do otherwise than a sound one does. */
export interface Misdeeds {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  /** What it counts to; it goes on counting from there. */
  readonly counter?: number;
  /** Signs without having seen who holds it. */
  readonly unverified?: boolean;
  readonly userHandle?: string;
  readonly type?: string;
}

interface Proposal {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

interface Asked {
  readonly challenge: string;
  readonly rpId: string;
}

const [PRESENT, VERIFIED, WITH_KEY] = [0x01, 0x04, 0x40] as const;

/** A device that keeps one passkey, in memory: WebAuthn level 3, as far as a browser hands it on. */
export class SoftwarePasskey {
  readonly id = randomBytes(20).toString('base64url');
  readonly #keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  #user = '';
  #counter = 0;

  /** @param page origin of the page that the browser shows */
  constructor(
    private readonly page: string,
    private readonly curve: Curve = 'P-256',
  ) {
    this.#keys =
      curve === 'P-256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  }

  /** What `navigator.credentials.create` gives. */
  create({ challenge, rp, user }: Proposal, misdeeds: Misdeeds = {}) {
    this.#user = user.id;
    const { clientData } = this.#clientData('webauthn.create', challenge, misdeeds);
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const data = this.#deviceData(rp.id, WITH_KEY, misdeeds);
    const authData = Buffer.concat([data, Buffer.alloc(16), length, id, this.#coseKey()]);
    const attestation = cbor(
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    ).toString('base64url');
    return { clientData, attestation, transports: ['internal'] };
  }

  /** What `navigator.credentials.get` gives. */
  get({ challenge, rpId }: Asked, misdeeds: Misdeeds = {}) {
    this.#counter = misdeeds.counter ?? this.#counter + 1;
    const { clientData, digest } = this.#clientData('webauthn.get', challenge, misdeeds);
    const data = this.#deviceData(rpId, 0, misdeeds);
    const algorithm = this.curve === 'P-256' ? 'sha256' : undefined;
    const signature = sign(algorithm, Buffer.concat([data, digest]), this.#keys.privateKey).toString('base64url');
    const userHandle = misdeeds.userHandle ?? this.#user;
    return { id: this.id, clientData, authenticatorData: data.toString('base64url'), signature, userHandle };
  }

  #clientData(type: string, challenge: string, misdeeds: Misdeeds) {
    const { origin = this.page } = misdeeds;
    const said = {
      type: misdeeds.type ?? type,
      challenge: misdeeds.challenge ?? challenge,
      origin,
      crossOrigin: false,
    };
    const bytes = Buffer.from(JSON.stringify(said));
    return { clientData: bytes.toString('base64url'), digest: hash('sha256', bytes, 'buffer') };
  }

  #deviceData(rpId: string, flags: number, { rpId: other, unverified }: Misdeeds): Buffer {
    const behind = Buffer.alloc(5);
    behind.writeUInt8(PRESENT | (unverified ? 0 : VERIFIED) | flags);
    behind.writeUInt32BE(this.#counter, 1);
    return Buffer.concat([hash('sha256', other ?? rpId, 'buffer'), behind]);
  }

  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const part = (text: string) => Buffer.from(text, 'base64url');
    return cbor(
      this.curve === 'P-256'
        ? new Map<number, Cbor>([
            [1, 2],
            [3, -7],
            [-1, 1],
            [-2, part(x)],
            [-3, part(y)],
          ])
        : new Map<number, Cbor>([
            [1, 1],
            [3, -8],
            [-1, 6],
            [-2, part(x)],
          ]),
    );
  }
}

type Cbor = number | string | Buffer | Map<number | string, Cbor>;

/** RFC 8949, as far as passkeys need it. */
const cbor = (value: Cbor): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map)
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, each]) => [cbor(key), cbor(each)])]);
  return Buffer.concat([head(2, value.length), value]);
};

const head = (kind: number, n: number): Buffer => {
  const major = kind << 5;
  if (n < 24) return Buffer.from([major | n]);
  return n < 256 ? Buffer.from([major | 24, n]) : Buffer.from([major | 25, n >> 8, n & 255]);
};
