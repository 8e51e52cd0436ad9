import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@rapport/kernel';
import { KeyDestroyed, type KeyStore, ownSubject } from '@rapport/privacy';

/** Nobody looks longer for a finger. */
export const CHALLENGE_MILLISECONDS = 5 * 60_000;

/** Eight bytes that say when it was made, sixteen that nobody can guess, and who made it. */
const [TIME, RANDOM, MARK] = [8, 16, 32] as const;

/** Looks like any other. */
export const nobodysChallenge = (): string => randomBytes(TIME + RANDOM + MARK).toString('base64url');

/** What it is for: to sign in, or to enrol a passkey of one user. */
export type Purpose = 'sign-in' | `enrol ${string}`;

/**
 * What a passkey has to sign. A challenge says itself when it was made and is marked with a key of the tenant that never leaves the
 * keyring, so that any process knows its own again, and asking for many leaves nothing behind. That it was answered is a fact of
 * the passkey, which takes no challenge of that time or before again.
 */
export class Challenges {
  constructor(
    private readonly keys: Pick<KeyStore, 'create'>,
    private readonly clock: Clock,
  ) {}

  async make(tenant: string, purpose: Purpose): Promise<string> {
    const begin = Buffer.alloc(TIME + RANDOM);
    begin.writeBigUInt64BE(BigInt(this.now));
    randomBytes(RANDOM).copy(begin, TIME);
    return Buffer.concat([begin, await this.markOf(begin, tenant, purpose)]).toString('base64url');
  }

  /** When it was made, in milliseconds since 1970; undefined where it was not made here for that, or too long ago. */
  async madeAt(challenge: string, tenant: string, purpose: Purpose): Promise<number | undefined> {
    const bytes = Buffer.from(challenge, 'base64url');
    if (bytes.length !== TIME + RANDOM + MARK) return undefined;
    const begin = bytes.subarray(0, TIME + RANDOM);
    if (!timingSafeEqual(bytes.subarray(TIME + RANDOM), await this.markOf(begin, tenant, purpose))) return undefined;
    const at = Number(begin.readBigUInt64BE());
    return this.now - at < CHALLENGE_MILLISECONDS ? at : undefined;
  }

  private get now(): number {
    return this.clock.now().getTime();
  }

  private async markOf(begin: Buffer, tenant: string, purpose: Purpose): Promise<Buffer> {
    const secret = await this.keys.create(ownSubject('identity', tenant, 'passkey-challenges')).catch(ofNobody);
    return createHmac('sha256', secret).update(`${purpose}\0`).update(begin).digest();
  }
}

/** Of a workspace that was deleted: it looks like any other, and opens nothing. */
const ofNobody = (failure: unknown): Buffer => {
  if (failure instanceof KeyDestroyed) return randomBytes(MARK);
  throw failure;
};
