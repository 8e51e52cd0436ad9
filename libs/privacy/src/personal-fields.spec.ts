import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joinPersonal, partPersonal } from './personal-fields.js';
import { open, seal } from './sealing.js';

const NAMES = new Set(['email', 'firstName', 'a/b~c']);
const key = createSecretKey(randomBytes(32));

/** Any JSON object, with personal names sprinkled over every depth. */
const anyData = fc
  .letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.jsonValue(), fc.array(tie('value')), tie('object')),
    object: fc.dictionary(
      fc.oneof(fc.constantFrom(...NAMES, '__proto__', 'set', 'x/y', '~1', ''), fc.string()),
      tie('value'),
      { maxKeys: 6, noNullPrototype: true },
    ),
  }))
  .object.map((data) => JSON.parse(JSON.stringify(data)) as object);

describe('personal fields', () => {
  it('come back exactly, whatever the data is', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const before = JSON.stringify(data);
        const parted = partPersonal(data, NAMES);
        const sealed = parted && seal(parted.personal, key, 'context');
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
        const { open: rest, personal } = partPersonal(
          { data, email: secret, set: [{ firstName: { secret } }] },
          NAMES,
        )!;
        const sealed = seal(personal, key, 'context');
        expect(JSON.stringify(rest)).not.toContain(secret);
        expect(Buffer.from(sealed, 'base64').includes(secret)).toBe(false);
        expect(sealed).not.toContain(Buffer.from(secret).toString('base64').slice(4, -4));
      }),
    );
  });

  it('are found at any depth and taken whole', () => {
    const data = { email: ['a', 'b'], set: { firstName: { given: 'Ada' }, stage: 'x' }, people: [{ email: 1 }, 2] };
    const parted = partPersonal(data, NAMES)!;
    expect(parted.open).toEqual({ set: { stage: 'x' }, people: [{}, 2] });
    expect(JSON.parse(parted.personal)).toEqual({
      email: ['a', 'b'],
      'set/firstName': { given: 'Ada' },
      'people/0/email': 1,
    });
  });

  it('are told apart from values that look like containers', () => {
    const at = new Date(0);
    expect(partPersonal({ email: 1, at, nothing: null }, NAMES)!.open).toEqual({ at, nothing: null });
  });

  it('are none when none is there, or none has a value', () => {
    expect(partPersonal({ set: { stage: 'x' } }, NAMES)).toBeUndefined();
    expect(partPersonal({ email: undefined }, NAMES)).toBeUndefined();
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
