import { newId } from '@rapport/kernel';
import { type CachedKeyStore, open, ownSubject, seal } from '@rapport/privacy';

const LONGEST_MILLISECONDS = 24 * 3_600_000;

/** When a form was shown, once. */
export interface Shown {
  readonly id: string;
  readonly ageMilliseconds: number;
}

/** What says when a form was shown: nobody else can make one, and each is good for one lead. */
export class FormTokens {
  constructor(private readonly keys: CachedKeyStore) {}

  async seal(tenant: string, form: string, now: Date): Promise<string> {
    const key = await this.keys.toSeal(subjectOf(tenant), false);
    const sealed = seal(JSON.stringify({ id: newId(), at: now.getTime() }), key, contextOf(tenant, form));
    return Buffer.from(sealed, 'base64').toString('base64url');
  }

  /** Undefined for what is no token of that form, and for one that is too old. */
  async open(tenant: string, form: string, token: string, now: Date): Promise<Shown | undefined> {
    if (token === '' || (await this.keys.find(subjectOf(tenant))) === undefined) return undefined;
    const key = await this.keys.toOpen(subjectOf(tenant));
    if (key === 'destroyed') return undefined;
    try {
      const sealed = Buffer.from(token, 'base64url').toString('base64');
      const { id, at } = JSON.parse(open(sealed, key, contextOf(tenant, form))) as { id: string; at: number };
      const ageMilliseconds = now.getTime() - at;
      return ageMilliseconds <= LONGEST_MILLISECONDS ? { id, ageMilliseconds } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Nobody's key. */
const subjectOf = (tenant: string) => ownSubject('contacts', tenant, 'forms');
const contextOf = (tenant: string, form: string): string => `form ${form} of ${tenant}`;
