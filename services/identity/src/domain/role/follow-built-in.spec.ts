import { describe, expect, it } from '@jest/globals';
import { fold, type RecordedEvent } from '@rapport/kernel';
import { type BuiltInDefinition, followBuiltIn } from './follow-built-in.js';
import { role, type RoleEvent } from './role.js';

const read = { object: 'contact', action: 'read', scope: 'all' };
const audit = { object: 'auditEntry', action: 'read', scope: 'all' };
const newer: BuiltInDefinition = { version: 2, description: 'Sees who did what.', grants: [read, audit], fields: [] };
const begun: RoleEvent = {
  type: 'RoleCreated',
  data: { name: 'Officer', description: 'Looks up.', builtIn: 'officer', grants: [read] },
};
const edit = (set: object): RoleEvent => ({ type: 'RoleEdited', data: { set } });

/** What becomes of a role that Rapport gave and others changed. */
const followed = (
  by: readonly (readonly ['ours' | 'theirs', RoleEvent])[],
  definition = newer,
): readonly RoleEvent[] => {
  const history = by.map(([who, event]) => ({ ...event, metadata: { actor: { id: who } } }));
  const state = fold(role, history as never);
  const isOurs = ({ metadata }: RecordedEvent): boolean => metadata.actor.id === 'ours';
  return followBuiltIn(state, definition, history as unknown as RecordedEvent[], isOurs);
};

describe('a built-in role', () => {
  it('follows a newer definition once, unless somebody has changed what it says', () => {
    const [event, ...more] = followed([['ours', begun]]);
    const { version, description, grants } = newer;
    expect([event, more]).toEqual([edit({ grants, description, builtInVersion: version }), []]);
    expect(
      followed([
        ['ours', begun],
        ['ours', event!],
      ]),
    ).toEqual([]);
    expect(
      followed([
        ['ours', begun],
        ['theirs', edit({ name: 'DPO', description: 'Ours' })],
      ]),
    ).toEqual([edit({ grants, builtInVersion: version })]);
  });

  it('that somebody has changed stays as it is, and says that it is behind', () => {
    const changed = ['theirs', edit({ grants: [{ ...read, scope: 'team' }] })] as const;
    const [event, ...more] = followed([['ours', begun], changed]);
    expect([event, more]).toEqual([edit({ behind: true }), []]);
    expect(followed([['ours', begun], changed, ['ours', event!]])).toEqual([]);
    const backAgain = ['theirs', edit({ grants: [read] })] as const;
    expect(followed([['ours', begun], changed, ['ours', event!], backAgain], { ...newer, version: 3 })).toMatchObject([
      { data: { set: { behind: null, builtInVersion: 3 } } },
    ]);
  });

  it('is compared with what Rapport gave last', () => {
    const [event] = followed([['ours', begun]]);
    const third = { ...newer, version: 3, fields: [{ object: 'contact', field: 'phone', access: 'read' }] };
    expect(
      followed(
        [
          ['ours', begun],
          ['ours', event!],
        ],
        third,
      ),
    ).toMatchObject([{ data: { set: { fields: third.fields } } }]);
    const undone = ['theirs', edit({ grants: [read] })] as const;
    expect(followed([['ours', begun], ['ours', event!], undone], third)).toEqual([edit({ behind: true })]);
  });
});
