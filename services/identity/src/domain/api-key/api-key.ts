import { type Decider, type DomainEvent, missing, reject, UNCHANGED } from '@rapport/kernel';

/** Somebody may come in with a secret from now on. The secret itself is nowhere, only its digest. */
export type ApiKeyIssued = DomainEvent<
  'ApiKeyIssued',
  {
    readonly name: string;
    /** Whose it is: it may do what that user may do. */
    readonly userId?: string;
    /** Instead of a user: what it may do, by the names of roles. */
    readonly roles?: readonly string[];
    /** SHA-256 of the secret, in hexadecimal. */
    readonly digest: string;
    /** No more than these of what the user may do; all of it when absent. */
    readonly permissions?: readonly string[];
    /** RFC 3339; never when absent. */
    readonly expiresAt?: string;
  }
>;

/** It has another secret. The one before is good for a while, so that programs can go over one after the other. */
export type ApiKeyRotated = DomainEvent<'ApiKeyRotated', { readonly digest: string; readonly formerUntil: string }>;

/** It ends at once, and for good. */
export type ApiKeyRevoked = DomainEvent<'ApiKeyRevoked', Record<never, never>>;

/** Somebody came in with it on a day: told once a day at most. */
export type ApiKeyUsed = DomainEvent<'ApiKeyUsed', { readonly on: string }>;

export type ApiKeyEvent = ApiKeyIssued | ApiKeyRotated | ApiKeyRevoked | ApiKeyUsed;

export type ApiKey = ApiKeyIssued['data'] & {
  readonly former?: { readonly digest: string; readonly until: string };
  readonly revoked: boolean;
  /** 2026-01-31 */
  readonly usedOn?: string;
};

export type ApiKeyState = ApiKey | null;

interface ApiKeyCommands {
  issue: ApiKeyIssued['data'];
  rotate: ApiKeyRotated['data'];
  revoke: Record<never, never>;
  use: ApiKeyUsed['data'];
}

/** A secret that a program of a user comes in with. */
export const apiKey: Decider<ApiKeyState, ApiKeyEvent, ApiKeyCommands> = {
  aggregate: 'apiKey',
  events: {
    ApiKeyIssued: UNCHANGED,
    ApiKeyRotated: UNCHANGED,
    ApiKeyRevoked: UNCHANGED,
    ApiKeyUsed: UNCHANGED,
  },
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'ApiKeyIssued') return { ...event.data, revoked: false };
    if (!state) return null;
    switch (event.type) {
      case 'ApiKeyRotated': {
        const { digest, formerUntil: until } = event.data;
        return { ...state, digest, former: { digest: state.digest, until } };
      }
      case 'ApiKeyRevoked':
        return { ...state, revoked: true };
      case 'ApiKeyUsed':
        return { ...state, usedOn: event.data.on };
      default:
        return state;
    }
  },
  decide: {
    issue: (state, data, { id }) =>
      state ? reject('already-exists', 'already-issued', alreadyIssued(id)) : [{ type: 'ApiKeyIssued', data }],
    rotate: (state, data, at) => {
      if (!state) return missing('apiKey', at);
      if (state.revoked) return reject('conflict', 'key-revoked', 'This key was revoked. Issue another one.');
      return [{ type: 'ApiKeyRotated', data }];
    },
    revoke: (state, _, at) => {
      if (!state) return missing('apiKey', at);
      return state.revoked ? [] : [{ type: 'ApiKeyRevoked', data: {} }];
    },
    use: (state, { on }) => (state && (state.usedOn ?? '') < on ? [{ type: 'ApiKeyUsed', data: { on } }] : []),
  },
};

const alreadyIssued = (id: string): string =>
  `The key ${id} was issued before, and its secret was shown then. Revoke it and use another Idempotency-Key.`;

/** Whether a secret with this digest is the key's, or was and still may be used. `isSame` takes as long for every digest. */
export const opens = (
  key: ApiKey,
  digest: string,
  now: string,
  isSame: (one: string, other: string) => boolean,
): boolean => {
  const isPresent = isSame(key.digest, digest);
  const isFormer = key.former !== undefined && isSame(key.former.digest, digest) && now < key.former.until;
  return isPresent || isFormer;
};

/** Whether it has ended for good. */
export const hasEnded = ({ revoked, expiresAt }: ApiKey, now: string): boolean =>
  revoked || (expiresAt !== undefined && expiresAt <= now);
