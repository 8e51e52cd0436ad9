import { createHmac, randomBytes } from 'node:crypto';

const STEP_MILLISECONDS = 30_000;
const DIGITS = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A secret as apps that show codes take it (RFC 4648, 160 bits). */
export const newTotpSecret = (): string => base32(randomBytes(20));

/** What a QR code for such an app says. */
export const totpUrl = (secret: string, account: string): string =>
  `otpauth://totp/${encodeURIComponent(`Rapport:${account}`)}?secret=${secret}&issuer=Rapport`;

/**
 * The step of time that a code is of, the present one or one beside it, since clocks differ. Undefined for any other code.
 * RFC 6238 with SHA-1, thirty seconds and six figures, which every such app knows.
 */
export const stepOf = (
  secret: string,
  code: string,
  now: Date,
  isSame: (one: string, other: string) => boolean,
): number | undefined => {
  const present = Math.floor(now.getTime() / STEP_MILLISECONDS);
  const given = code.replaceAll(/\s/g, '');
  // Each is compared, so that how long it takes tells nothing.
  const fitting = [present - 1, present, present + 1].filter((step) => isSame(totp(secret, step), given));
  return fitting[0];
};

/** The code of a step of time. */
export const totp = (secret: string, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = digest[digest.length - 1]! & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
};

/** `abcd-efgh-ijkl-mnop`: 80 bits, so that a digest of it can be kept. */
export const newRecoveryCode = (): string => base32(randomBytes(10)).toLowerCase().match(/.{4}/g)!.join('-');

/** However somebody has typed it. */
export const recoveryCode = (typed: string): string => typed.toLowerCase().replaceAll(/[^a-z2-7]/g, '');

const base32 = (bytes: Uint8Array): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits
    .match(/.{1,5}/g)!
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]!)
    .join('');
};

const bytesOf = (text: string): Buffer => {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((eight) => Number.parseInt(eight, 2)));
};
