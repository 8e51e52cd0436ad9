import { expect, it } from '@jest/globals';
import { contractMessage } from '@rapport/service-kit';
import { recordFields } from './record-fields.js';

it('takes types, labels and marks of fields from the contract', () => {
  const contact = contractMessage('rapport.contacts.v1.Contact');
  const synonyms = {
    email: ['mail'],
    title: ['role'],
    tags: [],
    address: { city: ['town'], street: null },
    phone: ['mobile'],
    otherPhones: null,
  };
  expect(recordFields(contact, synonyms, ['title'])).toEqual([
    { name: 'title', label: 'job title', type: 'text', personal: true, synonyms: ['role'], isName: true },
    { name: 'email', label: 'e-mail address', type: 'email', personal: true, synonyms: ['mail'] },
    { name: 'phone', label: 'phone', type: 'phone', personal: true, synonyms: ['mobile'] },
    { name: 'city', label: 'city', type: 'text', personal: true, synonyms: ['town'], path: 'address.city' },
    { name: 'tags', label: 'tags', type: 'texts', synonyms: [] },
  ]);
});

it('reads an amount with its currency, days as days, and a few words as a choice', () => {
  const opportunity = contractMessage('rapport.sales.v1.Opportunity');
  const synonyms = { name: [], amount: ['value'], expectedCloseOn: [], probability: [], status: [] };
  expect(recordFields(opportunity, synonyms)).toEqual([
    { name: 'name', label: 'name', type: 'text', required: true, synonyms: [] },
    { name: 'status', label: 'status', type: 'choice', choices: ['open', 'won', 'lost'], synonyms: [] },
    { name: 'amount', label: 'amount', type: 'money', synonyms: ['value'] },
    {
      name: 'currency',
      label: 'currency',
      type: 'currency',
      of: 'amount',
      synonyms: expect.arrayContaining(['currency code', 'currency iso code', 'amount currency']),
    },
    { name: 'probability', label: 'probability', type: 'number', synonyms: [] },
    { name: 'expectedCloseOn', label: 'expected close on', type: 'date', synonyms: [] },
  ]);
});
