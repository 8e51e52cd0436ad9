import { expect, it } from '@jest/globals';
import type { ServiceDefinition } from '../service/service-definition.js';
import { checkPurposes } from './check-purposes.js';

const definition = (purposes?: ServiceDefinition['purposes']): ServiceDefinition => ({
  ...{ context: 'contacts', aggregates: ['note'], catalogue: [], records: [], projections: [], publishes: {} },
  personal: { note: ['text'] },
  ...(purposes && { purposes }),
});

it('refuses a context that keeps something about people and does not say what for', () => {
  expect(() => checkPurposes(definition())).toThrow(
    /contacts keeps personal fields of its notes and does not say what for/,
  );
  expect(() => checkPurposes(definition({ note: '' }))).toThrow();
  expect(() => checkPurposes(definition({ note: 'To remember what was said' }))).not.toThrow();
});
