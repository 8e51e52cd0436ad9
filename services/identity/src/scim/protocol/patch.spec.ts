import { describe, expect, it } from '@jest/globals';
import type { Resource } from './attribute.js';
import { groupType } from './group-type.js';
import { PATCH_OP, patched } from './patch.js';
import { readResource } from './reading.js';
import { ENTERPRISE_USER, USER, userType } from './user-type.js';

const work = { value: 'ada@example.org', type: 'work', primary: true };
const home = { value: 'ada@home.example', type: 'home' };
const ada: Resource = {
  userName: 'ada',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [work, home],
};
const patch = (...Operations: object[]): Resource => patched(ada, { schemas: [PATCH_OP], Operations }, userType);

describe('a patch', () => {
  it('adds, replaces and removes by path', () => {
    expect(patch({ op: 'add', path: 'title', value: 'Countess' })).toEqual({ ...ada, title: 'Countess' });
    expect(patch({ op: 'Replace', path: 'name.givenName', value: 'Augusta' })).toMatchObject({
      name: { givenName: 'Augusta', familyName: 'Lovelace' },
    });
    expect(patch({ op: 'remove', path: 'name.givenName' })['name']).toEqual({ familyName: 'Lovelace' });
    expect(patch({ op: 'remove', path: 'emails' })).not.toHaveProperty('emails');
    expect(patch({ op: 'replace', path: 'name', value: { middleName: 'K', givenName: null } })['name']).toEqual({
      ...{ familyName: 'Lovelace', middleName: 'K' },
    });
  });

  it('chooses among several values', () => {
    const other = { op: 'replace', path: 'emails[type eq "work"].value', value: 'augusta@example.org' };
    expect(patch(other)['emails']).toEqual([{ ...work, value: 'augusta@example.org' }, home]);
    expect(patch({ op: 'remove', path: 'emails[type eq "home"]' })['emails']).toEqual([work]);
    expect(patch({ op: 'remove', path: 'emails[primary eq true].primary' })['emails']).toEqual([
      { value: work.value, type: 'work' },
      home,
    ]);
    expect(patch({ op: 'replace', path: 'emails[type eq "home"]', value: { value: 'x@y.z' } })['emails']).toEqual([
      work,
      { value: 'x@y.z' },
    ]);
    expect(patch({ op: 'add', path: 'emails[type eq "other"].value', value: 'o@y.z' })['emails']).toEqual([
      ...[work, home],
      { type: 'other', value: 'o@y.z' },
    ]);
    expect(patch({ op: 'replace', path: 'emails', value: [home] })['emails']).toEqual([home]);
  });

  it('leaves one primary value, and none twice', () => {
    const third = { value: 'c@example.org', primary: true };
    expect(patch({ op: 'add', path: 'emails', value: [third, home] })['emails']).toEqual([
      { ...work, primary: false },
      home,
      third,
    ]);
    expect(patch({ op: 'add', path: 'emails[type eq "home"].primary', value: true })['emails']).toEqual([
      { ...work, primary: false },
      { ...home, primary: true },
    ]);
  });

  it('is taken as directories send it', () => {
    expect(patch({ op: 'Replace', path: 'active', value: 'False' })).toEqual({ ...ada, active: false });
    const all = {
      ...{ id: 'x', 'name.givenName': 'Augusta', active: 'False', nobodyKnows: 1 },
      [`${ENTERPRISE_USER}:department`]: 'Engines',
      [ENTERPRISE_USER]: { division: 'North' },
    };
    expect(patch({ op: 'replace', value: all })).toEqual({
      ...{ ...ada, active: false, name: { givenName: 'Augusta', familyName: 'Lovelace' } },
      [ENTERPRISE_USER]: { department: 'Engines', division: 'North' },
    });
    expect(patch({ op: 'Add', path: `${ENTERPRISE_USER}:manager`, value: 'u2' })).toMatchObject({
      [ENTERPRISE_USER]: { manager: { value: 'u2' } },
    });
    const body = { schemas: [PATCH_OP], operations: [{ OP: 'ADD', Path: 'Title', VALUE: 'Countess' }] };
    expect(patched(ada, body, userType)).toMatchObject({ title: 'Countess' });
  });

  it('takes members away however they are named', () => {
    const [one, two] = ['u1', 'u2'].map((value) => ({ value, $ref: `/Users/${value}`, type: 'User' }));
    const group = { displayName: 'Sales', members: [one, two] };
    const without = (operation: object): unknown =>
      patched(group, { schemas: [PATCH_OP], Operations: [{ op: 'Remove', ...operation }] }, groupType)['members'];
    expect(without({ path: 'members[value eq "u1"]' })).toEqual([two]);
    expect(without({ path: 'members', value: [{ value: 'u1' }] })).toEqual([two]);
    expect(without({ path: 'members' })).toBeUndefined();
    const again = { op: 'add', path: 'members', value: [{ value: 'u1' }, { value: 'u3' }] };
    expect(patched(group, { schemas: [PATCH_OP], Operations: [again] }, groupType)['members']).toEqual([
      ...[one, two],
      { value: 'u3' },
    ]);
  });

  it.each([
    ['noTarget', { op: 'remove' }],
    ['noTarget', { op: 'replace', path: 'emails[type eq "other"].value', value: 'x' }],
    ['noTarget', { op: 'add', path: 'emails[type sw "o"].value', value: 'x' }],
    ['mutability', { op: 'remove', path: 'userName' }],
    ['mutability', { op: 'replace', path: 'id', value: 'x' }],
    ['mutability', { op: 'replace', path: 'meta.created', value: 'x' }],
    ['mutability', { op: 'add', path: 'groups', value: [{ value: 'x' }] }],
    ['invalidPath', { op: 'replace', path: 'nothing', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'emails[type eq "work"].nothing', value: 'x' }],
    ['invalidFilter', { op: 'replace', path: 'emails[type is "work"].value', value: 'x' }],
    ['invalidValue', { op: 'replace', path: 'active', value: 'perhaps' }],
    ['invalidValue', { op: 'replace', path: 'title', value: { a: 1 } }],
    ['invalidValue', { op: 'replace', path: 'name', value: 7 }],
    ['invalidValue', { op: 'add', path: 'title' }],
    ['invalidSyntax', { op: 'move', path: 'title', value: 'x' }],
  ])('that cannot be done is %s, and changes nothing', (scimType, operation) => {
    const before = structuredClone(ada);
    const both = () => patch({ op: 'add', path: 'title', value: 'x' }, operation);
    expect(both).toThrow(expect.objectContaining({ status: 400, scimType }));
    expect(ada).toEqual(before);
  });

  it('says what it is', () => {
    const refused = expect.objectContaining({ scimType: 'invalidSyntax' }) as never;
    for (const body of [null, [], { Operations: [] }, { schemas: [PATCH_OP] }, { schemas: [PATCH_OP], Operations: [] }])
      expect(() => patched(ada, body, userType)).toThrow(refused);
  });
});

describe('a resource in a body', () => {
  it('is read by its schema', () => {
    const body = {
      ...{ SCHEMAS: [USER], id: 'x', meta: {}, groups: [{ value: 'g' }], USERNAME: 'ada', title: null, emails: [] },
      ...{ active: 'true', name: { GivenName: 'Ada', unknown: 1 }, unknown: 2 },
    };
    expect(readResource(body, userType)).toEqual({ userName: 'ada', active: true, name: { givenName: 'Ada' } });
    for (const wrong of [{}, { userName: ' ' }, { userName: null }, { userName: 'x', emails: 'x', name: 'Ada' }])
      expect(() => readResource({ schemas: [USER], ...wrong }, userType)).toThrow(
        expect.objectContaining({ scimType: 'invalidValue' }),
      );
  });
});
