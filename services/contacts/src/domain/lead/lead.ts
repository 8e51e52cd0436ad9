import {
  type Decider,
  erasable,
  isVisible,
  protectedRecord,
  type ProtectedCommands,
  type ProtectedState,
  recordDecider,
  reject,
  type Rejection,
  soundShares,
} from '@rapport/kernel';
import type { LeadEvent, LeadFields } from './lead.events.js';

export type LeadState = ProtectedState<LeadFields>;

/** What says nothing about a person, and so is left when the person is erased. */
export const KEPT_ON_ERASURE = [
  'status',
  'rating',
  'source',
  'amount',
  'ownerId',
  'teamId',
  'tags',
  'externalId',
  'shares',
] as const satisfies readonly (keyof LeadFields)[];

const record = recordDecider<'Lead', LeadFields>('lead', 'Lead', (fields, before) =>
  isFindable(fields) || (before !== null && !isFindable(before))
    ? (saidApart(fields, before) ?? soundShares(fields))
    : reject(
        'invalid',
        'nameless',
        'A lead needs a first name, last name, company, e-mail address or phone number.',
        '/lastName',
      ),
);

const isFindable = ({ firstName, lastName, company, email, phone }: LeadFields): boolean =>
  [firstName, lastName, company, email, phone].some(isVisible);

/** Others are made of it, so it is an event of its own. */
const saidApart = ({ status }: LeadFields, before: LeadFields | null): Rejection | undefined =>
  status !== 'converted' || before?.status === 'converted'
    ? undefined
    : reject('invalid', 'said-apart', 'To say that a lead is converted, convert it.', '/status');

const person = protectedRecord('Lead', erasable('Lead', record, KEPT_ON_ERASURE), KEPT_ON_ERASURE);

/** Somebody who may become a customer: a plain record with a name or an address, that can be forgotten, put on hold and restricted. */
export const lead: Decider<LeadState, LeadEvent, ProtectedCommands<LeadFields>> = {
  ...person,
  decide: {
    ...person.decide,
    create: (state, fields, at) => person.decide.create(state, { ...fields, status: fields.status ?? 'new' }, at),
  },
};
