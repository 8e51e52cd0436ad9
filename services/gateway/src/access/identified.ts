import { digestOf } from './access-tokens.js';

/** What a secret of identity says of itself, and what it is known by. */
export interface Identified {
  /** An API key, a session of a browser, a link to choose a password with. */
  readonly kind: 'rapport' | 'session' | 'link';
  readonly tenant: string;
  /** Of the key, of the session, or of the user whom the link is for. */
  readonly id: string;
  readonly digest: string;
}

/** `<kind>_<tenant>_<id>_<random>` */
const SECRET =
  /^(rapport|session|link)_([a-z0-9_]{1,40})_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[\w-]{32}$/;

export const identified = (secret: string): Identified | undefined => {
  const [, kind, tenant, ...id] = SECRET.exec(secret) ?? [];
  if (kind === undefined || tenant === undefined) return undefined;
  return { kind: kind as Identified['kind'], tenant, id: id.join('-'), digest: digestOf(secret) };
};
