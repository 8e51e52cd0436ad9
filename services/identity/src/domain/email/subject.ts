import { reservation } from '../reservation/reservation.js';

/** Whom a provider knows by issuer and subject: at most one user of a tenant is that one. */
export const subject = reservation('subject', 'Subject', {
  code: 'subject-taken',
  message: 'Another user signs in as this one already.',
  pointer: '/identities',
});
