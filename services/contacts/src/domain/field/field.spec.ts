import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { field, type FieldEvent, type FieldFields } from './field.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'f1' };
const TIER: FieldFields = {
  ...{ object: 'account', key: 'tier', label: 'Tier', kind: 'choice' },
  choices: [
    { value: 'gold', label: 'Gold' },
    { value: 'tin', label: 'Tin' },
  ],
};
const created = { type: 'FieldCreated', data: TIER } as const satisfies FieldEvent;
const tier = fold(field, [created]);
const edited = (set: object) => field.decide.edit(tier, { set }, now);

describe('a field', () => {
  it('is defined once for each key, archived or not', () => {
    expect(field.decide.create(null, TIER, now)).toEqual([created]);
    expect(field.decide.create(tier, TIER, now)).toMatchObject({ code: 'field-exists', field: '/key' });
    const archived = fold(field, [created, { type: 'FieldArchived', data: {} }]);
    expect(field.decide.create(archived, TIER, now)).toMatchObject({ message: expect.stringContaining('archived') });
  });

  it.each([
    ['object', 'contact'],
    ['key', 'level'],
    ['kind', 'multi-choice'],
    ['personal', true],
  ])('keeps its %s, because records hold values of it', (name, value) => {
    expect(edited({ [name]: value })).toMatchObject({ code: 'field-fixed', field: `/${name}` });
  });

  it('gets another label, more choices and other words for them, and retires some', () => {
    const choices = [
      { value: 'tin', label: 'Tin', retired: true },
      { value: 'gold', label: 'Golden' },
      { value: 'silver', label: 'Silver' },
    ];
    expect(edited({ choices, label: 'Level' })).toEqual([
      { type: 'FieldEdited', data: { set: { choices, label: 'Level' } } },
    ]);
  });

  it.each([
    ['a choice that records may hold', { choices: [{ value: 'gold', label: 'Gold' }] }, 'choice-kept'],
    ['its last choice', { choices: null }, 'choices-missing'],
    ['its label', { label: null }, 'label-missing'],
  ])('never loses %s', (_, set, code) => {
    expect(edited(set)).toMatchObject({ code });
  });

  it.each([
    ['two choices of one value', { choices: [...TIER.choices!, { value: 'gold', label: 'G' }] }, 'choice-twice'],
    ['choices of a text', { kind: 'text' }, 'choices-unwanted'],
    ['a reference to nothing', { kind: 'reference', choices: undefined }, 'refers-to'],
    ['a default that cannot be chosen', { defaultValue: 'lead' }, 'default-value'],
    ['something personal of what is about nobody', { personal: true }, 'not-about-a-person'],
  ])('is not %s', (_, other, code) => {
    expect(field.decide.create(null, { ...TIER, ...other } as FieldFields, now)).toMatchObject({ code });
  });
});
