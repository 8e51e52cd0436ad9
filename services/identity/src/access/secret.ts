import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key's secret begins with: it tells which key it is, so that nothing has to be searched. */
export const prefixOf = (tenant: string, id: string): string => `rapport_${tenant}_${id.replaceAll('-', '')}`;

export const newSecret = (tenant: string, id: string): string =>
  `${prefixOf(tenant, id)}_${randomBytes(24).toString('base64url')}`;

/** All that is ever stored of a secret, which is long and random: nobody can try it out. */
export const digestOf = (secret: string): string => hash('sha256', secret, 'hex');

/** Takes the same time wherever two digests differ. */
export const isSame = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
};
