import { hash } from 'node:crypto';
import { NO_TENANT } from '@rapport/access';

/** What a secret of identity says of itself, and what it is known by. */
export interface Identified {
  /** An API key, a session of a browser, a link to choose a password with. */
  readonly kind: 'rapport' | 'session' | 'link';
  /** {@link NO_TENANT} for a key that does not say: one of an earlier program, or of the configuration. */
  readonly tenant: string;
  /** Empty then. Of the key, of the session, or of the user whom the link is for. */
  readonly id: string;
  readonly digest: string;
}

/** `<kind>_<tenant>_<id>_<random>` */
const SECRET =
  /^(rapport|session|link)_([a-z0-9_]{1,40})_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[\w-]{32}$/;

export const identified = (secret: string): Identified => {
  const digest = hash('sha256', secret, 'hex');
  const [, kind, tenant, ...id] = SECRET.exec(secret) ?? [];
  if (kind === undefined || tenant === undefined) return { kind: 'rapport', tenant: NO_TENANT, id: '', digest };
  return { kind: kind as Identified['kind'], tenant, id: id.join('-'), digest };
};

const BEARER = /^Bearer ([\x21-\x7e]{16,512})$/i;

/** The secret that a header holds. */
export const secretIn = (authorization: string): string | undefined => BEARER.exec(authorization)?.[1];
