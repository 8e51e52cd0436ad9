import { type Decider, type DomainEvent, reject, UNCHANGED } from '@rapport/kernel';
import type { PasskeyEvent } from './passkey.events.js';
import { decidePasskeys, evolvePasskeys, type PasskeyCommands, type Passkeys } from './passkeys.js';
import type { SecondFactorConfirmed, SecondFactorEvent } from './second-factor.events.js';

/** A link was made with which the user may choose a password, once. The one before ends. */
export type SignInLinkIssued = DomainEvent<
  'SignInLinkIssued',
  {
    /** SHA-256 of the link's secret, in hexadecimal. */
    readonly digest: string;
    /** RFC 3339 UTC. */
    readonly expiresAt: string;
    /** Where it goes by mail: the link's secret, sealed with the user's key; absent once that is gone. */
    readonly secret?: string;
    /** Why it is sent. */
    readonly mailed?: 'invitation' | 'reset';
    /** When somebody asked for it, where nobody who is known did. */
    readonly askedAt?: string;
  }
>;

/** The link with this digest has gone by mail: whoever sees again that it was issued sends nothing. */
export type SignInLinkSent = DomainEvent<'SignInLinkSent', { readonly digest: string }>;

/** The user has another password. Whoever had come in with the one before is out. */
export type PasswordSet = DomainEvent<
  'PasswordSet',
  {
    /** As `argon2id` leaves it, with what it was made by; sealed with the user's key. Absent once that is gone. */
    readonly hash?: string;
  }
>;

export type SignInEvent = SignInLinkIssued | SignInLinkSent | PasswordSet | SecondFactorEvent | PasskeyEvent;

export interface SignIn extends Passkeys {
  readonly link?: Omit<SignInLinkIssued['data'], 'secret' | 'askedAt'> & { readonly sent?: true };
  /** When a link to choose another password with was asked for last. */
  readonly resetAt?: string;
  readonly hash?: string;
  /** How often it was set: what was opened with another one is over. */
  readonly generation: number;
  /** Of an app that has shown no code yet. */
  readonly proposed?: string;
  /** What codes are asked for by. */
  readonly factor?: Factor;
}

export interface Factor {
  /** Undefined once the person's key is gone: then no code is right. */
  readonly secret: string | undefined;
  /** Of the last code. */
  readonly step: number;
  readonly recovery: readonly string[];
}

interface SignInCommands extends PasskeyCommands {
  issueLink: SignInLinkIssued['data'];
  sentLink: SignInLinkSent['data'];
  setPassword: {
    readonly hash: string;
    /** Of the link that it is set with. */
    readonly digest: string;
    readonly isSame: (one: string, other: string) => boolean;
  };
  /** Whoever has said the present one. */
  changePassword: { readonly hash: string };
  proposeFactor: { readonly secret: string };
  confirmFactor: SecondFactorConfirmed['data'];
  useCode: { readonly step: number };
  useRecovery: { readonly digest: string };
  removeFactor: Record<never, never>;
}

const evolve = (state: SignIn, event: SignInEvent): SignIn => {
  const { factor } = state;
  switch (event.type) {
    case 'SignInLinkIssued': {
      const { secret: _, askedAt: resetAt, ...link } = event.data;
      return { ...state, link, ...(resetAt === undefined ? {} : { resetAt }) };
    }
    case 'SignInLinkSent':
      return state.link?.digest === event.data.digest ? { ...state, link: { ...state.link, sent: true } } : state;
    case 'PasswordSet': {
      const { link: _, hash: __, ...rest } = state;
      return { ...rest, ...event.data, generation: state.generation + 1 };
    }
    case 'SecondFactorProposed':
      return { ...state, ...(event.data.secret === undefined ? {} : { proposed: event.data.secret }) };
    case 'SecondFactorConfirmed': {
      const { proposed: secret, ...rest } = state;
      return { ...rest, factor: { secret, ...event.data } };
    }
    case 'SecondFactorUsed':
      return factor ? { ...state, factor: { ...factor, step: event.data.step } } : state;
    case 'RecoveryCodeUsed': {
      const left = factor?.recovery.filter((digest) => digest !== event.data.digest);
      return factor && left ? { ...state, factor: { ...factor, recovery: left } } : state;
    }
    case 'SecondFactorRemoved': {
      const { factor: _, proposed: __, ...rest } = state;
      return rest;
    }
    default:
      return evolvePasskeys(state, event);
  }
};

/** Nobody who forgot a password is written to more often, whoever asks. */
const APART_MILLISECONDS = 60_000;

const usedUp = () => reject('conflict', 'code-used', 'This code was used before. Wait for the next one.');

/** How a user signs in. Its streams have the users' own ids. */
export const signIn: Decider<SignIn, SignInEvent, SignInCommands> = {
  aggregate: 'signIn',
  events: {
    SignInLinkIssued: UNCHANGED,
    SignInLinkSent: UNCHANGED,
    PasswordSet: UNCHANGED,
    SecondFactorProposed: UNCHANGED,
    SecondFactorConfirmed: UNCHANGED,
    SecondFactorUsed: UNCHANGED,
    RecoveryCodeUsed: UNCHANGED,
    SecondFactorRemoved: UNCHANGED,
    PasskeyEnrolled: UNCHANGED,
    PasskeyRenamed: UNCHANGED,
    PasskeyUsed: UNCHANGED,
    PasskeyRemoved: UNCHANGED,
  },
  initialState: { generation: 0, passkeys: [] },
  evolve,
  decide: {
    ...decidePasskeys,
    issueLink: ({ resetAt }, data, { at }) => {
      if (data.mailed !== 'reset') return [{ type: 'SignInLinkIssued', data }];
      const isOften = resetAt !== undefined && Date.parse(at) - Date.parse(resetAt) < APART_MILLISECONDS;
      return isOften ? [] : [{ type: 'SignInLinkIssued', data: { ...data, askedAt: at } }];
    },
    sentLink: ({ link }, data) =>
      link?.digest === data.digest && !link.sent ? [{ type: 'SignInLinkSent', data }] : [],
    setPassword: ({ link }, { hash, digest, isSame }, { at }) => {
      if (link && isSame(link.digest, digest) && at < link.expiresAt) return [{ type: 'PasswordSet', data: { hash } }];
      return reject(
        'gone',
        'link-ended',
        'This link was used before, has expired, or was followed by another one. Ask an administrator for a new one.',
      );
    },
    changePassword: (_, { hash }) => [{ type: 'PasswordSet', data: { hash } }],
    proposeFactor: (_, data) => [{ type: 'SecondFactorProposed', data }],
    confirmFactor: ({ proposed }, data) =>
      proposed === undefined
        ? reject('conflict', 'nothing-proposed', 'There is no secret to confirm. Ask for one first.')
        : [{ type: 'SecondFactorConfirmed', data }],
    useCode: ({ factor }, data) =>
      factor && data.step > factor.step ? [{ type: 'SecondFactorUsed', data }] : usedUp(),
    useRecovery: ({ factor }, data) =>
      factor?.recovery.includes(data.digest) ? [{ type: 'RecoveryCodeUsed', data }] : usedUp(),
    removeFactor: ({ factor, proposed }) =>
      factor || proposed !== undefined ? [{ type: 'SecondFactorRemoved', data: {} }] : [],
  },
};
