import {
  archivedFirst,
  type Decider,
  erasable,
  isVisible,
  missing,
  protectedRecord,
  type ProtectedCommands,
  type ProtectedState,
  recordDecider,
  reject,
  type Rejection,
  soundShares,
  UNCHANGED,
} from '@rapport/kernel';
import type { Conversion, LeadConverted, LeadEvent, LeadFields } from './lead.events.js';

export type LeadState = ProtectedState<LeadFields>;

export interface LeadCommands extends ProtectedCommands<LeadFields> {
  convert: Conversion;
  undoConversion: { readonly because?: string };
}

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
  'formId',
  'knownContactId',
  'convertedAt',
  'convertedAccountId',
  'convertedContactId',
  'convertedOpportunityId',
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
    : reject('invalid', 'said-apart', 'To say that a lead is converted, use POST /v1/leads/{id}:convert.', '/status');

const person = protectedRecord('Lead', erasable('Lead', record, KEPT_ON_ERASURE), KEPT_ON_ERASURE);

const evolve = (state: LeadState, event: LeadEvent): LeadState => {
  if (event.type === 'LeadConverted') return state && converted(state, event.data);
  if (event.type !== 'LeadConversionUndone') return person.evolve(state, event);
  if (!state) return state;
  const {
    convertedAt: _,
    convertedAccountId: __,
    convertedContactId: ___,
    convertedOpportunityId: ____,
    ...rest
  } = state;
  const { conversion, ...before } = rest;
  return { ...before, ...(conversion && { status: conversion.statusBefore }) };
};

const converted = (state: NonNullable<LeadState>, data: LeadConverted['data']): LeadState => {
  const { accountId, contactId, opportunityId, made, convertedAt } = data;
  return {
    ...{ ...state, status: 'converted', convertedAt, convertedContactId: contactId },
    ...(accountId !== undefined && { convertedAccountId: accountId }),
    ...(opportunityId !== undefined && { convertedOpportunityId: opportunityId }),
    conversion: { made, statusBefore: state.status ?? 'new' },
  };
};

/** What it became is changed instead. */
const readOnly = (state: LeadState): Rejection | undefined =>
  state?.convertedContactId === undefined
    ? undefined
    : reject(
        'conflict',
        'lead-converted',
        `This lead was converted into the contact ${state.convertedContactId}. Change that one, or take the conversion back first.`,
      );

/** Several records change by it, so an undo of this one alone is none. */
const byItselfOnly = (fields: LeadFields, before: LeadFields | null): Rejection | undefined =>
  fields.convertedAt === before?.convertedAt
    ? undefined
    : reject(
        'conflict',
        'undo-conversion-instead',
        'This would convert the lead, or take that back, and leave the others as they are. Use :convert or :undoConversion.',
        '/eventId',
      );

const { edit, archive, restore } = person.decide;
const UNDONE = 'LeadConversionUndone';

/**
 * Somebody who may become a customer: a plain record with a name or an address, that can be forgotten, put on hold and restricted, and
 * is read only once it has become a contact.
 */
export const lead: Decider<LeadState, LeadEvent, LeadCommands> = {
  ...person,
  events: {
    ...person.events,
    LeadConverted: UNCHANGED,
    LeadConversionUndone: UNCHANGED,
  },
  evolve,
  final: (state) => person.final?.(state) ?? readOnly(state),
  sound: (fields, before) => byItselfOnly(fields ?? {}, before) ?? person.sound?.(fields, before),
  decide: {
    ...person.decide,
    create: (state, fields, at) => person.decide.create(state, { ...fields, status: fields.status ?? 'new' }, at),
    edit: (state, command, at) => readOnly(state) ?? edit(state, command, at),
    archive: (state, command, at) => readOnly(state) ?? archive(state, command, at),
    restore: (state, command, at) => readOnly(state) ?? restore(state, command, at),
    convert: (state, conversion, at) => {
      if (!state) return missing('lead', at);
      if (state.archived && !state.erased) return archivedFirst('lead');
      return lead.final!(state) ?? [{ type: 'LeadConverted', data: { ...conversion, convertedAt: at.at } }];
    },
    undoConversion: (state, { because }, at) => {
      if (!state) return missing('lead', at);
      const refused = person.final?.(state);
      if (refused) return refused;
      if (!state.conversion) return reject('conflict', 'not-converted', 'This lead is not converted.');
      return [{ type: UNDONE, data: because === undefined ? {} : { because } }];
    },
  },
};
