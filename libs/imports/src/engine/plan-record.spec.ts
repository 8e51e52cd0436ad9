import { describe, expect, it } from '@jest/globals';
import { isRejection, recordDecider } from '@rapport/kernel';
import type { ImportField, RowValues } from '../values/import-field.js';
import { planRecord } from './plan-record.js';

interface Person {
  readonly name?: string;
  readonly address?: { readonly street?: string; readonly city?: string; readonly zip?: string };
  readonly ownerId?: string;
}

const person = recordDecider<'Person', Person>('person', 'Person');
const text = (name: string, path: string): ImportField => ({ name, label: name, type: 'text', path });
const fields = [
  text('name', 'name'),
  text('street', 'address.street'),
  text('city', 'address.city'),
  text('owner', 'ownerId'),
];

const imported = (state: ReturnType<typeof person.evolve>, row: RowValues): typeof state => {
  for (const { decide } of planRecord<Person, never>(person as never, fields, row)) {
    const decision = decide(state, { at: '2026-01-01T00:00:00.000Z', id: 'p' }, [], () => undefined);
    if (isRejection(decision)) throw new Error(decision.message);
    state = decision.reduce(person.evolve as never, state);
  }
  return state;
};

const ada = { name: 'Ada', address: { street: 'Main 1', city: 'Bern', zip: '3000' }, ownerId: 'o', archived: false };

describe('a row about a plain record', () => {
  it('changes what it says and nothing else, inside nested fields too', () => {
    expect(imported(ada, { city: 'Basel' })).toEqual({ ...ada, address: { ...ada.address, city: 'Basel' } });
    expect(imported(ada, { name: 'Ada' })).toEqual(ada);
    expect(imported(null, { name: 'Bo', street: 'S', city: 'C' })).toEqual({
      name: 'Bo',
      address: { street: 'S', city: 'C' },
      archived: false,
    });
  });

  it('empties what it says is empty, and leaves no empty shell', () => {
    expect(imported(ada, { street: null, owner: null })).toEqual({
      name: 'Ada',
      address: { city: 'Bern', zip: '3000' },
      archived: false,
    });
    expect(imported({ ...ada, address: { city: 'Bern' } }, { city: null, street: null })).not.toHaveProperty('address');
    expect(imported(null, { name: 'Bo', street: null, city: null, owner: null })).toEqual({
      name: 'Bo',
      archived: false,
    });
  });
});
