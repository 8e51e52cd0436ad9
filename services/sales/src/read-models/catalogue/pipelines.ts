import { recordProjection } from '@rapport/service-kit';
import { pipeline } from '../../domain/pipeline/pipeline.js';

export const pipelines = recordProjection(pipeline, {
  name: 'pipelines',
  fields: { name: 'text', currency: 'text', externalId: 'text' },
  indexes: [['name'], ['externalId']],
});
