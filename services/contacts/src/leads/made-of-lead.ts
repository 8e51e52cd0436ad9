import type { AccountFields } from '../domain/account/account.events.js';
import type { ContactFields } from '../domain/contact/contact.events.js';
import type { LeadState } from '../domain/lead/lead.js';

type Lead = NonNullable<LeadState>;

/** What a new account says that is made of a lead; without a company there is none to be made. */
export const accountOf = ({ company, website, ownerId, teamId }: Lead): AccountFields =>
  given({ name: company ?? '', website, ownerId, teamId });

/** What a new contact says that is made of a lead. */
export const contactOf = (lead: Lead, accountId: string | undefined): ContactFields => {
  const { description, ownerId, teamId, tags } = lead;
  return given({ ...personOf(lead), description, ownerId, teamId, tags, accountId });
};

/** What a contact that is there lacks, and the lead knows: nothing is overwritten. */
export const lackedBy = (contact: ContactFields, lead: Lead, accountId: string | undefined): ContactFields => {
  const known = { ...personOf(lead), accountId } as Readonly<Record<string, unknown>>;
  const present = contact as Readonly<Record<string, unknown>>;
  return given(Object.fromEntries(Object.entries(known).filter(([field]) => present[field] === undefined)));
};

const personOf = ({ salutation, firstName, lastName, title, email, phone }: Lead) => ({
  ...{ salutation, firstName, lastName, title, email, phone },
});

const given = <T extends object>(fields: T): { [F in keyof T]: Exclude<T[F], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
