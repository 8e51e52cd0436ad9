import { expect, it } from '@jest/globals';
import { contextNames } from '@rapport/contexts';
import { contractMessage } from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';

const records = contextNames.flatMap((name) => contextModules[name].service.records.map(({ record }) => record));

it('every kind of record that is searched can be named in a search, and no other', () => {
  const searched = records.filter(({ search }) => search).map(({ decider }) => decider.aggregate);
  const { fields } = contractMessage('rapport.search.v1.SearchRequest');
  const named = fields.find(({ name }) => name === 'kinds')!.rules.in;
  expect([...named].sort()).toEqual(searched.sort());
});

it.each(records.flatMap(({ noun, search, shape }) => (search ? [[noun, search, shape] as const] : [])))(
  'what %s are searched by are fields of the contract',
  (_, { title, subtitle, fields }, shape) => {
    const known = shape.fields.map(({ name }) => name);
    for (const path of [...title, ...subtitle, ...fields.map(({ name }) => name)])
      expect(known).toContain(path.split('.')[0]);
    expect(title.every((name) => fields.some((field) => field.isTitle && field.name === name))).toBe(true);
  },
);
