import { describe, expect, it } from '@jest/globals';
import { and, not, where } from '@rapport/read-models';
import { filterOf, queryOf } from './list-query.js';

const boats = { fields: { name: 'text', length: 'number', archived: 'boolean' } } as const;
const present = where('archived', '=', false);

describe('a list request', () => {
  it('leaves archived records out unless it speaks of them', () => {
    expect(filterOf({}, boats)).toEqual(present);
    expect(filterOf({ filter: 'length > 9' }, boats)).toEqual(and(present, where('length', '>', 9)));
    expect(filterOf({ archived: true }, boats)).toBeUndefined();
    expect(filterOf({ filter: 'NOT archived = true' }, boats)).toMatchObject({ kind: 'not' });
    expect(filterOf({}, { fields: { name: 'text' } })).toBeUndefined();
  });

  it('finds a text by the form in which such texts are compared', () => {
    const called = { ...boats, compared: { name: { by: 'nameKey', as: (text: string) => text.toLowerCase() } } };
    const all = { archived: true };
    const ida = and(where('nameKey', '=', 'ida'), where('name', 'present', true));
    expect(filterOf({ ...all, filter: 'name = IDA' }, called)).toEqual(ida);
    expect(filterOf({ ...all, filter: 'NOT (name != Ida length > 9)' }, called)).toEqual(
      not(and(not(ida), where('length', '>', 9))),
    );
    for (const filter of ['name:"Ida"', 'name = "Id*"', 'name = null', 'name < "Ida"'])
      expect(filterOf({ ...all, filter }, called)).toEqual(filterOf({ ...all, filter }, boats));
  });

  it('sorts as it says, else as the kind of record does', () => {
    const byName = [{ field: 'name' }];
    expect(queryOf({}, boats, byName)).toMatchObject({ limit: 50, sort: byName });
    expect(queryOf({ sort: '-length, name' }, boats, byName).sort).toEqual([
      { field: 'length', descending: true },
      { field: 'name', descending: false },
    ]);
  });

  it('names the fields it can sort by when asked for another', () => {
    expect(() => queryOf({ sort: 'depth' }, boats, [])).toThrow(
      /Cannot sort by "depth". Sort by name, length, archived/,
    );
  });
});
