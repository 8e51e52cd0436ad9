import { type Person, type Profile, profileOf } from '@rapport/matching';
import type { ContactFields } from '../domain/contact/contact.events.js';

/** What of a contact is compared. Of fields that a reader does not see there is nothing in it. */
export const profileOfContact = (contact: Partial<ContactFields>, accountDomain?: string): Profile => {
  const { firstName, lastName, email, otherEmails = [], phone, otherPhones = [], birthDate, address } = contact;
  const person: Person = {
    ...{ firstName, lastName, birthDate, address, accountDomain },
    emails: email === undefined ? otherEmails : [email, ...otherEmails],
    phones: phone === undefined ? otherPhones : [phone, ...otherPhones],
  };
  return profileOf(person);
};
