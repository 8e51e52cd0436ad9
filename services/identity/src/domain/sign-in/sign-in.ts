import { type Decider, type DomainEvent, reject, UNCHANGED } from '@rapport/kernel';

/** A link was made with which the user may choose a password, once. The one before ends. */
export type SignInLinkIssued = DomainEvent<
  'SignInLinkIssued',
  {
    /** SHA-256 of the link's secret, in hexadecimal. */
    readonly digest: string;
    /** RFC 3339 UTC. */
    readonly expiresAt: string;
  }
>;

/** The user has another password. Whoever had come in with the one before is out. */
export type PasswordSet = DomainEvent<
  'PasswordSet',
  {
    /** As `argon2id` leaves it, with what it was made by; sealed with the user's key. Absent once that is gone. */
    readonly hash?: string;
  }
>;

export type SignInEvent = SignInLinkIssued | PasswordSet;

export interface SignIn {
  readonly link?: SignInLinkIssued['data'];
  readonly hash?: string;
  /** How often it was set: what was opened with another one is over. */
  readonly generation: number;
}

interface SignInCommands {
  issueLink: SignInLinkIssued['data'];
  setPassword: {
    readonly hash: string;
    /** Of the link that it is set with. */
    readonly digest: string;
    readonly isSame: (one: string, other: string) => boolean;
  };
}

/** How a user signs in. Its streams have the users' own ids. */
export const signIn: Decider<SignIn, SignInEvent, SignInCommands> = {
  aggregate: 'signIn',
  events: { SignInLinkIssued: UNCHANGED, PasswordSet: UNCHANGED },
  initialState: { generation: 0 },
  evolve: (state, event) => {
    if (event.type === 'SignInLinkIssued') return { ...state, link: event.data };
    const { hash } = event.data;
    return { generation: state.generation + 1, ...(hash === undefined ? {} : { hash }) };
  },
  decide: {
    issueLink: (_, data) => [{ type: 'SignInLinkIssued', data }],
    setPassword: ({ link }, { hash, digest, isSame }, { at }) => {
      if (link && isSame(link.digest, digest) && at < link.expiresAt) return [{ type: 'PasswordSet', data: { hash } }];
      return reject(
        'gone',
        'link-ended',
        'This link was used before, has expired, or was followed by another one. Ask an administrator for a new one.',
      );
    },
  },
};
