import { describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { checkSettings } from '../mapping/check-settings.js';
import type { EffectiveSettings } from '../mapping/effective-settings.js';
import type { Made, Making, ReferenceField } from '../values/import-field.js';
import type { ImportKind } from './import-kind.js';
import type { ParsedRow } from './parse-row.js';
import { creationOf, References } from './references.js';

const scope = everythingOf('main');
const making: Making = { importId: 'i1', by: 'ada', signal: new AbortController().signal };

/** Accounts, of which Acme is there; Evil Inc. may not be made. */
const open = (settings: Partial<EffectiveSettings>, by: Making | undefined) => {
  const asked: (readonly string[])[] = [];
  const account: ReferenceField = {
    ...{ name: 'account', label: 'account', type: 'reference', noun: 'account' },
    find: async (_, names) => new Map(names.filter((name) => name === 'Acme').map((name) => [name, ['acme']])),
    missing: {
      foresee: async (_, names) => new Map(names.map((name) => [name, { id: `id of ${name}` }])),
      create: async (_, names) => {
        asked.push(names);
        const made = (name: string): Made =>
          name === 'Evil Inc.' ? { code: 'not-wanted', message: 'No.' } : { id: `id of ${name}` };
        return new Map(names.map((name) => [name, made(name)]));
      },
    },
  };
  const product: ReferenceField = {
    ...{ name: 'product', label: 'product', type: 'reference', noun: 'product' },
    find: async () => new Map(),
  };
  const columns = [account, product].map((field, at) => ({ at, column: field.name.toUpperCase(), field }));
  const effective = {
    columns: {},
    mode: 'upsert',
    dates: 'auto',
    unknownReferences: 'refuse',
    possibleDuplicates: 'report',
    empty: 'keep',
    ...settings,
  } as const;
  const create = creationOf(scope, effective, by);
  const references = new References(columns, () => scope, effective, { ownId: () => undefined, create });
  return { references, asked, fields: [account, product] };
};

const rowOf = (row: number, values: object, problems: ParsedRow['problems'] = []): ParsedRow => ({
  row,
  values: { ...values },
  problems,
  warnings: [],
  creates: [],
});

describe('records that rows name and nobody has', () => {
  const rows = () => [rowOf(1, { account: 'Acme' }), rowOf(2, { account: 'Bolt' }), rowOf(3, { account: 'Bolt' })];

  it('are taken for typing mistakes, unless the settings say otherwise', async () => {
    const { references, asked } = open({}, making);
    const parsed = rows();
    await references.resolve(parsed);
    expect(parsed.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      [],
      ['unknown-account'],
      ['unknown-account'],
    ]);
    expect(asked).toEqual([]);
  });

  it('are created, each once, and the rows tell so', async () => {
    const { references, asked } = open({ createMissing: ['account'] }, making);
    const parsed = rows();
    await references.resolve(parsed);
    const later = [rowOf(4, { account: 'Bolt' }), rowOf(5, { account: 'Cora' })];
    await references.resolve(later);
    expect(asked).toEqual([['Bolt'], ['Cora']]);
    expect([...parsed, ...later].map(({ values, creates }) => [values['account'], creates])).toEqual([
      ['acme', []],
      ['id of Bolt', [{ field: 'account', name: 'Bolt' }]],
      ['id of Bolt', [{ field: 'account', name: 'Bolt' }]],
      ['id of Bolt', [{ field: 'account', name: 'Bolt' }]],
      ['id of Cora', [{ field: 'account', name: 'Cora' }]],
    ]);
  });

  it('are only told by a trial', async () => {
    const { references, asked } = open({ createMissing: ['account'] }, undefined);
    const parsed = rows();
    await references.resolve(parsed);
    expect(asked).toEqual([]);
    expect(parsed[1]).toMatchObject({
      values: { account: 'id of Bolt' },
      creates: [{ field: 'account', name: 'Bolt' }],
    });
  });

  it('are not created for a row that is refused anyway, and a refusal is the row’s problem', async () => {
    const { references, asked } = open({ createMissing: ['account'] }, making);
    const bad = [{ code: 'bad-amount', message: 'No number.' }];
    const parsed = [
      rowOf(1, { account: 'Dora' }, bad),
      rowOf(2, { account: 'Edda', product: 'GTX' }),
      rowOf(3, { account: 'Evil Inc.' }),
    ];
    await references.resolve(parsed);
    expect(asked).toEqual([['Evil Inc.']]);
    expect(parsed.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ['bad-amount'],
      ['unknown-product'],
      ['not-wanted'],
    ]);
    expect(parsed[2]!.problems).toEqual([{ column: 'ACCOUNT', code: 'not-wanted', message: 'No.' }]);
    expect(parsed.flatMap(({ creates }) => creates)).toEqual([]);
  });

  it('can be created only where the kind says how', () => {
    const { fields } = open({}, making);
    const kind = { kind: 'opportunities', fields, matchBy: [] } as unknown as ImportKind;
    expect(() => checkSettings(kind, { createMissing: ['account'] })).not.toThrow();
    expect(() => checkSettings(kind, { createMissing: ['product'] })).toThrow('only account');
    const alone = { ...kind, fields: fields.slice(1) };
    expect(() => checkSettings(alone, { createMissing: ['account'] })).toThrow('nothing here, not "account"');
  });
});
