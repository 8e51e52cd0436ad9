import { contactsV1 } from '@rapport/contracts';
import { defineRecord, type RecordsOf } from '@rapport/service-kit';
import { field } from '../domain/field/field.js';

/** Fields that tenants give their records, of every context. */
export const fields = defineRecord({
  decider: field,
  contract: contactsV1,
  plural: 'fields',
  sort: [{ field: 'object' }, { field: 'order' }, { field: 'label' }],
  indexes: [['object', 'order', 'label']],
  unlisted: ['helpText'],
});

export type FieldRecords = RecordsOf<typeof fields>;
