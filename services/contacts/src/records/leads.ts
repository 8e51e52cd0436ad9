import { contactsV1 } from '@rapport/contracts';
import { EMAIL_KEY_VERSION, emailKeyOf, SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { defineRecord, type DocumentOf, partedPatch, type RecordsOf, withoutReasons } from '@rapport/service-kit';
import { KEPT_ON_ERASURE, lead } from '../domain/lead/lead.js';
import { leadHeaders } from '../imports/lead-headers.js';

/** People who may become customers. */
export const leads = defineRecord({
  decider: lead,
  contract: contactsV1,
  plural: 'leads',
  publishes: {
    LeadErased: ({ data: { receiptId } }) => ({ type: 'LeadErased', data: { receiptId } }),
    ...withoutReasons('Lead'),
    LeadConverted: ({ data: { opportunity: _, ...data } }) => ({ type: 'LeadConverted', data }),
    LeadConversionUndone: ({ data }) => ({ type: 'LeadConversionUndone', data }),
    LeadRectified: ({ data: { set } }) => ({ type: 'LeadRectified', data: partedPatch(set) }),
  },
  keepOnErase: KEPT_ON_ERASURE,
  indexes: [['archived', 'status'], ['email']],
  lookups: [
    ['ownerId', 'status'],
    ['emailKey'],
    ['externalId'],
    ['teamId'],
    ['shared'],
    ['formId', 'createdAt'],
    ['convertedContactId'],
    ['convertedAccountId'],
    ['convertedOpportunityId'],
  ],
  internal: ['aside', 'conversion'],
  unlisted: ['description', 'unqualifiedReason'],
  derived: {
    fields: { emailKey: 'text', ...SHARED_FIELDS },
    of: (state) => ({
      emailKey: state.email === undefined ? undefined : emailKeyOf(state.email),
      ...sharedFields(state),
    }),
    compared: { email: { by: 'emailKey', as: emailKeyOf } },
    version: EMAIL_KEY_VERSION,
  },
  search: {
    title: ['firstName', 'lastName', 'company'],
    subtitle: ['title', 'email'],
    by: {
      ...{ firstName: 'words', lastName: 'words', company: 'words' },
      ...{ email: 'email', phone: 'phone', externalId: 'key' },
    },
  },
  import: {
    matchBy: ['externalId', 'email'],
    foundBy: { email: 'emailKey' },
    calledBy: ['firstName', 'lastName', 'company'],
    synonyms: leadHeaders,
  },
});

export type LeadRecords = RecordsOf<typeof leads>;
export type LeadDocument = DocumentOf<typeof leads>;
