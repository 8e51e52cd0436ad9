import { isTenant } from '@rapport/kernel';
import { type CachedKeyStore, open, ownSubject, seal, type Subject } from '@rapport/privacy';

/** What a link is for; it says it only to Rapport. */
export interface ConsentLink {
  readonly kind: 'withdraw' | 'form' | 'confirm';
  /** Names it. */
  readonly id: string;
  readonly contactId?: string;
  readonly address?: string;
  readonly channel: string;
  readonly topic?: string;
  readonly purpose?: string;
  readonly textVersion?: string;
  /** Digest of the wording. */
  readonly text?: string;
  /** RFC 3339; for ever when absent. */
  readonly until?: string;
}

/** Where a confirmation is. */
export const SUBSCRIBE = '/subscribe/';

/** Nobody's key: whoever has it can make links and read them. */
const subjectOf = (tenant: string): Subject => ownSubject('contacts', tenant, 'consent-links');
const contextOf = (tenant: string): string => `consent link of ${tenant}`;

/** `<tenant>.<sealed>`: nobody else can make one, change one, or read the address in it. */
export const sealLink = async (keys: CachedKeyStore, tenant: string, link: ConsentLink): Promise<string> => {
  const key = await keys.toSeal(subjectOf(tenant), false);
  const sealed = seal(JSON.stringify(link), key, contextOf(tenant));
  return `${tenant}.${Buffer.from(sealed, 'base64').toString('base64url')}`;
};

/** Undefined for what is no link of that tenant, and for one that has ended. */
export const openLink = async (
  keys: CachedKeyStore,
  tenant: string,
  token: string,
  now: Date,
): Promise<ConsentLink | undefined> => {
  const sealed = isTenant(tenant) && token.startsWith(`${tenant}.`) ? token.slice(tenant.length + 1) : '';
  if (sealed === '' || (await keys.find(subjectOf(tenant))) === undefined) return undefined;
  const key = await keys.toOpen(subjectOf(tenant));
  if (key === 'destroyed') return undefined;
  const link = opened(Buffer.from(sealed, 'base64url').toString('base64'), key, tenant);
  return link?.until !== undefined && link.until <= now.toISOString() ? undefined : link;
};

const opened = (sealed: string, key: Parameters<typeof open>[1], tenant: string): ConsentLink | undefined => {
  try {
    return JSON.parse(open(sealed, key, contextOf(tenant))) as ConsentLink;
  } catch {
    return undefined;
  }
};
