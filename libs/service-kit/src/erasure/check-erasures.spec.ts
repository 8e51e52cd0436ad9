import { expect, it } from '@jest/globals';
import type { ErasureFact, Projection } from '@rapport/processing';
import type { ServiceDefinition } from '../service/service-definition.js';
import { checkErasures } from './check-erasures.js';

const told: ErasureFact = { prefix: 'contacts.erasure-', type: 'PersonForgotten', ids: () => [], last: true };
const wanted: ErasureFact = { ...told, last: false };
const list = { declaration: { name: 'notes' }, prefixes: ['note-'], fold: () => null } as unknown as Projection;
const definition = (given: Partial<ServiceDefinition>): ServiceDefinition =>
  ({
    context: 'notes',
    personal: { note: ['subject', { name: 'text', about: 'contactId' }] },
    erasures: [told],
    projections: [{ ...list, about: [] }],
    ...given,
  }) as unknown as ServiceDefinition;

it('lets a context be put together that forgets others, or keeps nothing about them', () => {
  expect(() => checkErasures(definition({}))).not.toThrow();
  expect(() =>
    checkErasures(definition({ personal: { note: ['text'] }, erasures: [], projections: [list] })),
  ).not.toThrow();
});

it.each([
  [
    'hears of no erasure',
    { erasures: [wanted] },
    'notes keeps text of its notes about whom contactId names, and hears of no erasure.',
  ],
  [
    'does not say what its documents are about',
    { projections: [list] },
    'and notes does not say what its documents are "about".',
  ],
])('refuses one that %s', (_, given, message) => {
  expect(() => checkErasures(definition(given))).toThrow(message);
});
