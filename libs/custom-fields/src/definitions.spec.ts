import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import { fieldReader } from '@rapport/read-models';
import fc from 'fast-check';
import { type CustomField, customKinds, readAs } from './custom-field.js';
import { Definitions, type Known } from './definitions.js';
import { customName, flat, nested, valueAt } from './names.js';

const choices = [
  { value: 'gold', label: 'Gold' },
  { value: 'tin', label: 'Tin', retired: true },
];
const known = (field: Partial<Known> & Pick<Known, 'key' | 'kind'>): Known => ({
  ...{ object: 'account', label: field.key, archived: false },
  ...(field.kind.endsWith('choice') ? { choices } : {}),
  ...field,
});
const ofEveryKind = new Definitions(customKinds.map((kind, n) => known({ key: `f${n}`, kind })));

/** Of anything, now and then something that fits. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    'gold',
    'tin',
    '2026-02-29',
    '2028-02-29',
    '2026-01-01T00:00:00+02:00',
    'https://x.example',
    'ftp://x',
  ),
  fc.constantFrom(['gold'], ['gold', 'gold'], { minor: 5, currency: 'EUR' }, { minor: 5 }, true, -0, 1e308),
  fc.uuid(),
);

describe('definitions', () => {
  it('take a value, or say what is wrong with it, whatever it is; and what they took they take again', () => {
    fc.assert(
      fc.property(fc.nat(customKinds.length - 1), anything, (n, value) => {
        const key = `f${n}`;
        let taken: object;
        try {
          taken = ofEveryKind.created({ [key]: value });
        } catch (failure) {
          expect(failure).toBeInstanceOf(DomainError);
          expect((failure as DomainError).details.fields).toMatchObject([
            { pointer: `/custom/${key}`, code: 'invalid-value' },
          ]);
          return;
        }
        const again = Object.fromEntries(Object.entries(taken).map(([name, each]) => [name.slice(7), each as unknown]));
        expect(ofEveryKind.created(again)).toEqual(taken);
        // Lists find whatever records hold.
        if (Object.keys(taken).length === 0) return;
        const fields = Object.entries(readAs({ key, kind: customKinds[n]! }));
        for (const [name, type] of fields) expect(fieldReader(name, type)(taken)).not.toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('fill in defaults, unless the request says null, and ask for what is required', () => {
    const definitions = new Definitions([
      known({ key: 'source', kind: 'text', defaultValue: 'web' }),
      known({ key: 'region', kind: 'text', required: true }),
    ]);
    expect(definitions.created({ region: 'north' })).toEqual({ 'custom.region': 'north', 'custom.source': 'web' });
    expect(definitions.created({ region: 'north', source: null })).toEqual({ 'custom.region': 'north' });
    expect(() => definitions.created({})).toThrow('custom.region is required');
    expect(() => definitions.edited({ region: '' })).toThrow('custom.region is required');
    expect(definitions.edited({ source: null })).toEqual({ 'custom.source': null });
  });

  it('leave a choice that was retired where it is', () => {
    const definitions = new Definitions([
      known({ key: 'tier', kind: 'choice' }),
      known({ key: 'all', kind: 'multi-choice' }),
    ]);
    expect(() => definitions.edited({ tier: 'tin' })).toThrow('has to be one of "gold"');
    expect(definitions.edited({ tier: 'tin' }, { 'custom.tier': 'tin' })).toEqual({ 'custom.tier': 'tin' });
    expect(definitions.edited({ all: ['tin', 'gold'] }, { 'custom.all': ['tin'] })).toEqual({
      'custom.all': ['tin', 'gold'],
    });
  });

  it('show and ask for what is in use alone, and let what is not be emptied', () => {
    const archived = { key: 'old', kind: 'number', archived: true } as const;
    const definitions = new Definitions([known(archived), known({ key: 'tier', kind: 'choice' })]);
    expect(definitions.fields).toEqual({ 'custom.tier': 'text' });
    expect(nested({ name: 'A', 'custom.old': 1, 'custom.tier': 'gold' }, definitions.isShown)).toEqual({
      name: 'A',
      custom: { tier: 'gold' },
    });
    expect(() => definitions.created({ old: 1 })).toThrow('is archived');
    expect(definitions.edited({ old: null })).toEqual({ 'custom.old': null });
  });

  it('know which values are nobody’s secret: those of which it was said', () => {
    const field: Omit<CustomField, 'key'> = { object: 'contact', label: 'L', kind: 'text' };
    const definitions = new Definitions([
      { ...field, key: 'open', personal: false, archived: false },
      { ...field, key: 'shut', personal: true, archived: false },
      { ...field, key: 'unsaid', archived: false },
    ]);
    expect(definitions.inClear).toEqual(['custom.open']);
  });
});

describe('names', () => {
  it('lead there and back', () => {
    const values = { size: 3, colour: 'red' };
    expect(nested({ name: 'A', ...flat(values) })).toEqual({ name: 'A', custom: values });
    const plain = { name: 'A' };
    expect(nested(plain)).toBe(plain);
    expect(valueAt(flat(values), 'custom.size')).toBe(3);
    expect(valueAt({ [customName('price')]: { minor: 5 } }, 'custom.price.minor')).toBe(5);
    expect(valueAt({ name: 'A', ...flat(values) }, 'custom')).toEqual(flat(values));
    expect(valueAt({ address: { city: 'London' } }, 'address.city')).toBe('London');
  });
});
