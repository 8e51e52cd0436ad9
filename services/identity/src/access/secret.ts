import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What secrets begin with, by what they are good for: an API key, a session of a browser, a link to choose a password with. */
export type SecretKind = 'rapport' | 'session' | 'link';

/** What a secret begins with tells whose it is and which, so that nothing has to be searched. */
export const prefixOf = (kind: SecretKind, tenant: string, id: string): string =>
  `${kind}_${tenant}_${id.replaceAll('-', '')}`;

export const newSecret = (kind: SecretKind, tenant: string, id: string): string =>
  `${prefixOf(kind, tenant, id)}_${randomBytes(24).toString('base64url')}`;

/** All that is ever stored of a secret, which is long and random: nobody can try it out. */
export const digestOf = (secret: string): string => hash('sha256', secret, 'hex');

/** Takes the same time wherever two digests differ. */
export const isSame = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
};
