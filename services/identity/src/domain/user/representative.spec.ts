import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { followRepresentative, standAside } from './representative.js';
import { user } from './user.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'r1' };
const created = { what: 'created', said: { name: 'Ada', externalId: 'hr-1' } } as const;
const changed = (set: object, archived?: boolean) => ({ what: 'changed', set, archived }) as const;
const made = followRepresentative(null, created, false, at);
const ada = fold(user, made);

describe('a representative of sales', () => {
  it('is a user of the same id, who has neither roles nor an address', () => {
    expect(made).toEqual([{ type: 'UserCreated', data: { name: 'Ada', externalId: 'hr-1', representativeId: 'r1' } }]);
  });

  it('is made once, and not of somebody who was erased by then', () => {
    expect(followRepresentative(ada, created, false, at)).toEqual([]);
    expect(followRepresentative(null, { what: 'created', said: {} }, false, at)).toEqual([]);
  });

  it('is made even with a name that nobody can see', () => {
    const [event] = followRepresentative(null, { what: 'created', said: { name: '\u200B' } }, false, at);
    expect(event).toMatchObject({ type: 'UserCreated', data: { name: 'r1' } });
  });

  it('follows what sales says, as long as nobody has made somebody of it', () => {
    const renamed = changed({ name: 'Ada L.', externalId: null }, true);
    expect(followRepresentative(ada, renamed, false, at).map(({ type }) => type)).toEqual([
      'UserEdited',
      'UserArchived',
    ]);
    const archived = fold(user, [...made, ...followRepresentative(ada, renamed, false, at)]);
    expect(followRepresentative(archived, changed({ name: 'Eve' }), false, at)).toMatchObject([
      { data: { set: { name: 'Eve' } } },
    ]);
    for (const something of [{ roleIds: ['x'] }, { email: 'ada@example.org' }, { teamIds: ['x'] }])
      expect(followRepresentative({ ...ada!, ...something }, renamed, false, at)).toEqual([]);
    expect(followRepresentative(null, renamed, false, at)).toEqual([]);
  });

  it('stands aside for a user who says to be that one, in whichever order both are heard of', () => {
    const first = fold(user, followRepresentative(null, created, true, at));
    const later = fold(user, [...made, ...standAside(ada, at)]);
    expect(first).toEqual(later);
    expect(first).toMatchObject({ archived: true });
    expect(followRepresentative(first, changed({}, false), true, at)).toEqual([]);
    expect(standAside(null, at)).toEqual([]);
    expect(standAside({ ...ada!, roleIds: ['x'] }, at)).toEqual([]);
  });
});
