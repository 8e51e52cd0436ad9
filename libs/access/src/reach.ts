import { type Action, fieldAccesses, grantScopes, type GrantScope, type Policy, type Role } from '@rapport/kernel';
import { and, type Filter, not, or, where } from '@rapport/read-models';

/** Kinds of records that have an owner and a team. Others are nobody's own: `all` alone shows them. */
export const ownedObjects: ReadonlySet<string> = new Set(['contact', 'account', 'activity', 'lead', 'opportunity']);

/** What lists know beside what the contract shows, and what it says something about: hidden with that. */
const FOLLOWING: Readonly<Record<string, readonly string[]>> = {
  emailKey: ['email'],
  emailKey2: ['otherEmails'],
  emailKey3: ['otherEmails'],
  phoneKey: ['phone'],
  phoneKey2: ['otherPhones'],
  phoneKey3: ['otherPhones'],
  nameKey: ['firstName', 'lastName', 'name'],
  websiteKey: ['website'],
  addressKey: ['address'],
  contactIds: ['related', 'contactRoles', 'contactId'],
  accountIds: ['related'],
  opportunityIds: ['related'],
  leadIds: ['related'],
  cycleDays: ['openedOn', 'closedOn'],
  expectedRevenue: ['amount', 'amount.minor', 'amount.currency', 'probability'],
  daysInStage: ['stage', 'stageId', 'stageEnteredAt', 'status'],
  stale: ['stage', 'stageId', 'stageEnteredAt', 'status'],
  stageId: ['stage'],
  stage: ['stageId'],
  shared: ['shares'],
  sharedWith: ['shares'],
  sharedToEdit: ['shares'],
  sharesEndAt: ['shares'],
};

/** Of which records somebody may do something: the widest that any role says. */
export const reachOf = ({ roles }: Policy, object: string, action: Action): GrantScope =>
  widest(roles.map((role) => reachOfRole(role, object, action)));

/** The records within reach, by what they say of themselves; undefined for each of the tenant. `now`: RFC 3339 in UTC. */
export const rowsWithin = (
  policy: Policy,
  object: string,
  action: Action,
  now: string = new Date().toISOString(),
): Filter | undefined => {
  const reach = reachOf(policy, object, action);
  if (reach === 'all') return undefined;
  if (reach === 'none' || !ownedObjects.has(object)) return NOTHING;
  const terms = [...termsOf(policy, reach), ...sharedWith(policy, action, now)];
  return terms.length === 0 ? NOTHING : or(...terms);
};

/** Fields of records of one kind that are neither shown nor asked by. */
export const hiddenFields = (policy: Policy, object: string): readonly string[] => {
  const hidden = fieldsNamed(policy, object).filter((field) => accessTo(policy, object, field) === 'hidden');
  const following = Object.entries(FOLLOWING).flatMap(([field, of]) =>
    of.some((name) => hidden.includes(name)) ? [field] : [],
  );
  return [...new Set([...hidden, ...following])];
};

/** Fields that are not for this caller to change: hidden ones, those that may only be read, and what rights follow from. */
export const lockedFields = (policy: Policy, object: string): readonly string[] => [
  ...fieldsNamed(policy, object).filter((field) => accessTo(policy, object, field) !== 'write'),
  ...(givesRights(policy) ? [] : (RIGHTS[object] ?? [])),
];

/** Whoever may say what every role says may also say who has which; nobody else gives anybody more than there is. */
export const givesRights = (policy: Policy): boolean => reachOf(policy, 'role', 'edit') === 'all';

/** What somebody sees follows from these, by kind of record. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  user: ['roleIds', 'teamIds', 'representativeId'],
  team: ['parentId', 'roleIds'],
};

/** What records give again when they are restored: an archived one gives nothing. */
const GIVEN: Readonly<Record<string, readonly string[]>> = { role: ['grants'], team: ['roleIds'] };

/** Whether a record that is restored gives rights. */
export const givesWhenRestored = (object: string, record: Readonly<Record<string, unknown>>): boolean =>
  (GIVEN[object] ?? []).some((field) => ((record[field] as readonly unknown[] | undefined) ?? []).length > 0);

/** No record has an empty id. */
const NOTHING = where('id', '=', '');

/**
 * Shares add single records to whatever a role reaches. The first term is what an index leads to; the last hides too much rather
 * than too little for the moment in which an ended share is still being taken away.
 */
const sharedWith = ({ owners, teams }: Policy, action: Action, now: string): readonly Filter[] => {
  const field = SHARED_FOR[action];
  const readers = field ? [...owners, ...teams].map((reader) => where(field, 'has', reader)) : [];
  if (readers.length === 0) return [];
  const isOn = or(not(where('sharesEndAt', 'present', true)), where('sharesEndAt', '>', now));
  return [and(where('shared', '=', 'yes'), or(...readers), isOn)];
};

const SHARED_FOR: Partial<Record<Action, string>> = { read: 'sharedWith', edit: 'sharedToEdit' };

const termsOf = ({ owners, teams, teamsAndBelow }: Policy, reach: GrantScope): readonly Filter[] => {
  const own = owners.map((id) => where('ownerId', '=', id));
  const visible = reach === 'own' ? [] : reach === 'team' ? teams : teamsAndBelow;
  return [...own, ...visible.map((id) => where('teamId', '=', id))];
};

const reachOfRole = ({ grants }: Role, object: string, action: Action): GrantScope =>
  widest(
    grants
      .filter((grant) => grant.object === '*' || grant.object === object)
      .filter((grant) => grant.action === action || (grant.action === '*' && action !== 'erase'))
      .map(({ scope }) => scope),
  );

const widest = (scopes: readonly GrantScope[]): GrantScope =>
  grantScopes[Math.max(0, ...scopes.map((scope) => grantScopes.indexOf(scope)))]!;

const fieldsNamed = ({ roles }: Policy, object: string): readonly string[] => [
  ...new Set(roles.flatMap(({ fields }) => fields.filter((each) => each.object === object).map(({ field }) => field))),
];

/** The most that any role gives. One that shows no record of the kind says nothing about its fields. */
const accessTo = ({ roles }: Policy, object: string, field: string): (typeof fieldAccesses)[number] => {
  const given = roles
    .filter((role) => reachOfRole(role, object, 'read') !== 'none')
    .map((role) => accessByRole(role, object, field));
  return fieldAccesses[Math.max(0, ...given.map((access) => fieldAccesses.indexOf(access)))]!;
};

/** What is said of the field, or of one that it lies in; what is said of none is free. */
const accessByRole = ({ fields }: Role, object: string, field: string): (typeof fieldAccesses)[number] => {
  const about = fields.filter(
    (each) => each.object === object && (field === each.field || field.startsWith(`${each.field}.`)),
  );
  return fieldAccesses[Math.min(2, ...about.map(({ access }) => fieldAccesses.indexOf(access)))]!;
};
