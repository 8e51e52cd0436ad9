import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byName, joinPersonal, type Parted, partPersonal } from './personal-fields.js';
import { open, seal } from './sealing.js';

const FIELDS = byName(['email', 'firstName', 'a/b~c']);
const ABOUT_OTHERS = byName(['email', { name: 'firstName', about: 'owner' }, { name: 'a/b~c', about: 'set' }]);
const key = createSecretKey(randomBytes(32));
const own = (data: object): Parted | undefined => partPersonal(data, FIELDS, 'own');
const valuesOf = (parted: Parted): string => parted.personal.get('own')!;

/** Any JSON object, with personal names sprinkled over every depth. */
const anyData = fc
  .letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.jsonValue(), fc.array(tie('value')), tie('object')),
    object: fc.dictionary(
      fc.oneof(fc.constantFrom(...FIELDS.keys(), '__proto__', 'set', 'x/y', '~1', ''), fc.string()),
      tie('value'),
      { maxKeys: 6, noNullPrototype: true },
    ),
  }))
  .object.map((data) => JSON.parse(JSON.stringify(data)) as object);

describe('personal fields', () => {
  it('take whatever is called by more than one of the names, unless it is said to be nobody’s secret', () => {
    const data = { 'email.work': 1, set: { 'email.home': 2, 'email.open': 3, 'name.email': 4 } };
    const parted = partPersonal(data, FIELDS, 'own', undefined, ['email.open'])!;
    expect(parted.open).toEqual({ set: { 'email.open': 3, 'name.email': 4 } });
    expect(joinPersonal(parted.open, valuesOf(parted))).toEqual(data);
  });

  it('come back exactly, whatever the data is', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const before = JSON.stringify(data);
        const parted = own(data);
        const sealed = parted && seal(valuesOf(parted), key, 'context');
        const joined = parted ? joinPersonal(parted.open, open(sealed!, key, 'context')) : data;
        expect(joined).toEqual(data);
        expect(JSON.stringify(data)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  it('leave no value behind, in the open part or in the sealed bytes', () => {
    fc.assert(
      fc.property(anyData, fc.uuid(), (data, secret) => {
        const parted = own({ data, email: secret, set: [{ firstName: { secret } }] })!;
        const { open: rest } = parted;
        const sealed = seal(valuesOf(parted), key, 'context');
        expect(JSON.stringify(rest)).not.toContain(secret);
        expect(Buffer.from(sealed, 'base64').includes(secret)).toBe(false);
        expect(sealed).not.toContain(Buffer.from(secret).toString('base64').slice(4, -4));
      }),
    );
  });

  it('are found at any depth and taken whole', () => {
    const data = { email: ['a', 'b'], set: { firstName: { given: 'Ada' }, stage: 'x' }, people: [{ email: 1 }, 2] };
    const parted = own(data)!;
    expect(parted.open).toEqual({ set: { stage: 'x' }, people: [{}, 2] });
    expect(JSON.parse(valuesOf(parted))).toEqual({
      email: ['a', 'b'],
      'set/firstName': { given: 'Ada' },
      'people/0/email': 1,
    });
  });

  it('come back exactly in parts of several people, and without one of them the others do', () => {
    const named = (field: string, beside: object): string | undefined => {
      const id = (beside as Record<string, unknown>)[field];
      return typeof id === 'string' ? id : undefined;
    };
    fc.assert(
      fc.property(anyData, (data) => {
        const parted = partPersonal(data, ABOUT_OTHERS, 'own', named);
        const joined = [...(parted?.personal.values() ?? [])].reduce(joinPersonal, parted?.open ?? data);
        expect(joined).toEqual(data);
      }),
    );
  });

  it('are parted by whom they are about: who is named beside them, else the record itself', () => {
    const fields = byName(['subject', { name: 'text', about: 'contactId' }, { name: 'name', about: 'personId' }]);
    const named = (about: string, beside: object): string | undefined => (beside as Record<string, string>)[about];
    const data = {
      subject: 'Lunch',
      contactId: 'ada',
      text: 'Likes tea',
      people: [{ personId: 'bob', name: 'Bob' }, { personId: 'ada', name: 'Ada' }, { name: 'Somebody' }],
    };
    const { open: rest, personal } = partPersonal(data, fields, 'note-1', named)!;
    expect(rest).toEqual({ contactId: 'ada', people: [{ personId: 'bob' }, { personId: 'ada' }, {}] });
    expect(Object.fromEntries([...personal].map(([person, text]) => [person, JSON.parse(text) as object]))).toEqual({
      'note-1': { subject: 'Lunch', 'people/2/name': 'Somebody' },
      ada: { text: 'Likes tea', 'people/1/name': 'Ada' },
      bob: { 'people/0/name': 'Bob' },
    });
  });

  it('are told apart from values that look like containers', () => {
    const at = new Date(0);
    expect(own({ email: 1, at, nothing: null })!.open).toEqual({ at, nothing: null });
  });

  it('are none when none is there, or none has a value', () => {
    expect(own({ set: { stage: 'x' } })).toBeUndefined();
    expect(own({ email: undefined })).toBeUndefined();
  });

  it('cannot be read after any single byte was changed', () => {
    const sealed = Buffer.from(seal('{"email":"ada@example.com"}', key, 'context'), 'base64');
    for (let n = 0; n < sealed.length; n += 1) {
      const changed = Buffer.from(sealed);
      changed[n]! ^= 1;
      expect(() => open(changed.toString('base64'), key, 'context')).toThrow(/cannot be opened/);
    }
  });
});
