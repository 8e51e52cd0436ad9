import { type GrantScope, type Policy, type Sharable } from '@rapport/kernel';
import { hiddenFields, ownedObjects, reachOf } from './reach.js';

/** What rights to a record follow from. */
export interface Belonging extends Sharable {
  readonly ownerId?: string;
  readonly teamId?: string;
}

/** What one role says of a record, or its shares. */
export interface Rule {
  readonly role: string;
  readonly shows: boolean;
  readonly text: string;
}

/** The contract's form: `rapport.access.v1.Explanation`. */
export interface Explanation {
  readonly visible: boolean;
  readonly because: string;
  readonly rules: readonly Rule[];
  readonly hidden: readonly string[];
}

/**
 * Why somebody sees a record of a kind, or does not, in words.
 * @param names of the policy's roles, in their order
 * @param now RFC 3339 in UTC
 */
export const explainSight = (
  policy: Policy,
  names: readonly string[],
  object: string,
  record: Belonging,
  now: string = new Date().toISOString(),
): Explanation => {
  const ofRoles = policy.roles.map((role, n) => {
    const scope = reachOf({ ...policy, roles: [role] }, object, 'read');
    return { role: names[n] ?? '', ...saidBy(policy, object, scope, record) };
  });
  const reaches = reachOf(policy, object, 'read') !== 'none';
  const rules = ownedObjects.has(object) ? [...ofRoles, ...saidByShares(policy, reaches, record, now)] : ofRoles;
  const deciding = rules.find(({ shows }) => shows);
  const hidden = hiddenFields(policy, object);
  if (!deciding) return { visible: false, because: `No rule shows this ${object} to the user.`, rules, hidden };
  const by = deciding.role === '' ? '' : `Role ${deciding.role}: `;
  return { visible: true, because: `${by}${deciding.text}`, rules, hidden };
};

const saidBy = (
  { owners, teams, teamsAndBelow }: Policy,
  object: string,
  scope: GrantScope,
  { ownerId = '', teamId = '' }: Belonging,
): Omit<Rule, 'role'> => {
  if (scope === 'all') return { shows: true, text: `It shows every ${object}.` };
  if (scope === 'none') return { shows: false, text: `It says nothing of reading any ${object}.` };
  if (!ownedObjects.has(object))
    return {
      shows: false,
      text: `It shows a part, and a ${object} belongs to nobody: only the scope "all" shows one.`,
    };
  if (owners.includes(ownerId))
    return { shows: true, text: 'It shows what the user owns, and this is owned by the user.' };
  const within = scope === 'own' ? [] : scope === 'team' ? teams : teamsAndBelow;
  if (within.includes(teamId)) {
    const which = teams.includes(teamId) ? "the user's own" : "below the user's own";
    return { shows: true, text: `It shows what is of the user's teams, and this is of a team that is ${which}.` };
  }
  const shown = scope === 'own' ? 'what the user owns' : `what is of the user's teams (scope "${scope}")`;
  const whose = `${ownerId ? 'it belongs to somebody else' : 'it belongs to nobody'}, ${teamId ? 'and is of another team' : 'and is of no team'}`;
  return { shows: false, text: `It shows ${shown}; ${whose}.` };
};

const saidByShares = (
  { owners, teams }: Policy,
  reaches: boolean,
  { shares = [] }: Belonging,
  now: string,
): readonly Rule[] => {
  const mine = shares.filter(({ userId = '', teamId = '' }) => owners.includes(userId) || teams.includes(teamId));
  return mine.map(({ teamId, access, until }) => {
    const whom = teamId === undefined ? 'the user' : 'a team of the user';
    const isOver = until !== undefined && new Date(until).toISOString() <= now;
    const ends = until === undefined ? '' : isOver ? `, which ended at ${until}` : ` until ${until}`;
    const fails = reaches ? '' : ', but no role shows the user any of its kind';
    return { role: '', shows: reaches && !isOver, text: `It is shared with ${whom} to ${access}${ends}${fails}.` };
  });
};
