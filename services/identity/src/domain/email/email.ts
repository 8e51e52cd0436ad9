import { reservation } from '../reservation/reservation.js';

/** An e-mail address that somebody signs in with: at most one user of a tenant has it. */
export const email = reservation('email', 'Email', {
  code: 'email-taken',
  message:
    'Another user has this e-mail address, perhaps one who was deactivated. Give another one, or change that user.',
  pointer: '/email',
});
