import { reservation } from '../reservation/reservation.js';

/** What a directory knows somebody by: at most one user of a tenant is known by it. */
export const userName = reservation('userName', 'UserName', {
  code: 'user-name-taken',
  message: 'Another user has this name in the directory. Give another one, or change that user.',
  pointer: '/userName',
});
