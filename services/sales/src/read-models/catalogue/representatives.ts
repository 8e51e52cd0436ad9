import { recordProjection } from '@rapport/service-kit';
import { representative } from '../../domain/representative/representative.js';

export const representatives = recordProjection(representative, {
  name: 'representatives',
  fields: { name: 'text', manager: 'text', region: 'text', email: 'text', externalId: 'text' },
  indexes: [['name'], ['externalId']],
});
