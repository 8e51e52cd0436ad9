import { type Decider, type DomainEvent, reject, UNCHANGED } from '@rapport/kernel';

/** A user of the tenant has the address. The address itself is nowhere: the stream is called by a keyed digest of it. */
export type EmailReserved = DomainEvent<'EmailReserved', { readonly userId: string }>;

/** Nobody has it any more. */
export type EmailReleased = DomainEvent<'EmailReleased', Record<never, never>>;

export type EmailEvent = EmailReserved | EmailReleased;

/** Who has it; null where nobody does. */
export type EmailState = { readonly userId: string } | null;

interface EmailCommands {
  /** `instead` names a user who had it, and has it no more. */
  reserve: { readonly userId: string; readonly instead?: string | undefined };
  release: { readonly userId: string };
}

/** An e-mail address that somebody signs in with: at most one user of a tenant has it. */
export const email: Decider<EmailState, EmailEvent, EmailCommands> = {
  aggregate: 'email',
  events: { EmailReserved: UNCHANGED, EmailReleased: UNCHANGED },
  initialState: null,
  evolve: (_, event) => (event.type === 'EmailReserved' ? { userId: event.data.userId } : null),
  decide: {
    reserve: (state, { userId, instead }) => {
      if (state?.userId === userId) return [];
      if (state && state.userId !== instead)
        return reject(
          'already-exists',
          'email-taken',
          'Another user has this e-mail address, perhaps one who was deactivated. Give another one, or change that user.',
          '/email',
        );
      return [{ type: 'EmailReserved', data: { userId } }];
    },
    release: (state, { userId }) => (state?.userId === userId ? [{ type: 'EmailReleased', data: {} }] : []),
  },
};
