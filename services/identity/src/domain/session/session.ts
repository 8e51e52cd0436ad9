import { type Decider, type DomainEvent, missing, UNCHANGED } from '@rapport/kernel';

/** A user has signed in. */
export type SessionOpened = DomainEvent<
  'SessionOpened',
  {
    readonly userId: string;
    /** SHA-256 of the cookie's secret, in hexadecimal. */
    readonly digest: string;
    /** RFC 3339 UTC. */
    readonly expiresAt: string;
    /** With which of the user's passwords, by number. */
    readonly generation: number;
    /** With more than a password: a passkey, a code, or what a provider asks for. */
    readonly strong?: boolean;
    /** As coarse as people say it; sealed with the user's key. */
    readonly device?: string;
  }
>;

/** It ends at once, and for good. */
export type SessionClosed = DomainEvent<'SessionClosed', Record<never, never>>;

export type SessionEvent = SessionOpened | SessionClosed;

export type Session = SessionOpened['data'] & { readonly closed: boolean };

interface SessionCommands {
  open: SessionOpened['data'];
  close: Record<never, never>;
}

/** From signing in to signing out. */
export const session: Decider<Session | null, SessionEvent, SessionCommands> = {
  aggregate: 'session',
  events: { SessionOpened: UNCHANGED, SessionClosed: UNCHANGED },
  initialState: null,
  evolve: (state, event) =>
    event.type === 'SessionOpened' ? { ...event.data, closed: false } : state && { ...state, closed: true },
  decide: {
    open: (state, data) => (state ? [] : [{ type: 'SessionOpened', data }]),
    close: (state, _, at) => {
      if (!state) return missing('session', at);
      return state.closed ? [] : [{ type: 'SessionClosed', data: {} }];
    },
  },
};
