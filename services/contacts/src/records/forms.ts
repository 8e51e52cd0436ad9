import { contactsV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { form } from '../domain/form/form.js';

/** What people fill in. */
export const forms = defineRecord({
  decider: form,
  contract: contactsV1,
  plural: 'forms',
  sort: [{ field: 'name' }],
  indexes: [['name']],
  unlisted: ['thankYou', 'redirectUrl', 'consent.text'],
  filledIn: ['key'],
});

export type FormRecords = RecordsOf<typeof forms>;
export type FormDocument = DocumentOf<typeof forms>;
