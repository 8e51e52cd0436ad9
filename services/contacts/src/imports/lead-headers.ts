import type { contactsV1 } from '@rapport/contracts';
import type { RecordImport } from '@rapport/service-kit';
import { contactHeaders } from './contact-headers.js';

/** What other systems call the columns of leads, best first. */
export const leadHeaders: RecordImport<contactsV1.Lead>['synonyms'] = {
  salutation: contactHeaders.salutation,
  firstName: contactHeaders.firstName,
  lastName: contactHeaders.lastName,
  title: contactHeaders.title,
  company: [
    ...['company name', 'account', 'account name', 'organization', 'organisation', 'organization name', 'employer'],
    ...['firma', 'unternehmen', 'societe', 'entreprise', 'empresa', 'compania'],
  ],
  email: contactHeaders.email,
  phone: contactHeaders.phone,
  website: ['web site', 'url', 'homepage', 'webseite', 'internetseite', 'site web', 'sitio web'],
  description: contactHeaders.description,
  status: ['lead status', 'stage', 'estado del lead', 'lead stage'],
  rating: ['lead rating', 'temperature', 'bewertung'],
  source: ['lead source', 'original source', 'quelle', 'herkunft', 'origine', 'origen', 'channel'],
  utmSource: ['utm source'],
  utmMedium: ['utm medium'],
  utmCampaign: ['utm campaign', 'campaign'],
  utmTerm: ['utm term'],
  utmContent: ['utm content'],
  unqualifiedReason: ['lost reason', 'disqualification reason', 'reason'],
  amount: ['value', 'expected revenue', 'opportunity amount', 'deal value', 'wert', 'montant', 'importe'],
  ownerId: null,
  teamId: null,
  shares: null,
  formId: null,
  knownContactId: null,
  convertedAt: null,
  convertedAccountId: null,
  convertedContactId: null,
  convertedOpportunityId: null,
  hold: null,
  restriction: null,
  tags: contactHeaders.tags,
  externalId: ['lead id', 'id', 'record id', 'external id'],
};
