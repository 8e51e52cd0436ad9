import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@rapport/kernel';
import { publishRecord } from '../service/publish-record.js';
import { foldDefinition, type FieldDocument } from './field-definitions.js';

const TIER = { object: 'account', key: 'tier', label: 'Tier', kind: 'choice', choices: [{ value: 'a', label: 'A' }] };
const UNDONE = { eventId: 'e', type: 'FieldEdited', revision: 1 };
const HISTORY = [
  ['FieldCreated', TIER],
  ['FieldEdited', { set: { label: 'Level', required: true, order: 0 } }],
  ['FieldEdited', { set: { required: null } }],
  ['FieldArchived', {}],
  ['FieldRestored', {}],
  ['FieldChangeUndone', { undone: UNDONE, set: { label: 'Tier', order: null, archived: true } }],
] as const;

const publishes = publishRecord('Field', 'field') as unknown as Record<string, (event: object) => { data: object }>;

const folded = (published: boolean): FieldDocument | null =>
  HISTORY.reduce<FieldDocument | null>((before, [type, own]) => {
    const data = published ? publishes[type]!({ type, data: own }).data : own;
    const stream = published ? 'contacts.field-main-f1' : 'field-main-f1';
    return foldDefinition(before, { type, data, stream } as unknown as RecordedEvent);
  }, null);

describe('a definition', () => {
  it('is the same to its own context and to others, which hear of it', () => {
    const expected = { ...TIER, archived: true, tenant: 'main', id: 'f1' };
    expect(folded(false)).toEqual(expected);
    expect(folded(true)).toEqual(expected);
  });
});
