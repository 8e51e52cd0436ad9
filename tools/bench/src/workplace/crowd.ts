import {
  type GrantScope,
  idFrom,
  type Policy,
  type Position,
  positionOf,
  type Share,
  sharedFields,
} from '@rapport/kernel';
import type { Document } from '@rapport/read-models';
import { contactOf } from './contacts.js';
import { TENANT } from './events.js';

/** A company in which many people keep contacts, in teams. */
const OWNERS = 2_000;
const TEAMS = 150;
const SHARED_EVERY = 10_000;
const BEGAN = Date.UTC(2024, 0, 1);

const userId = (n: number): string => idFrom('bench user', n);
const teamId = (n: number): string => idFrom('bench team', n);
const [FEW, SOME, GUEST] = ['few', 'some', 'guest'].map((name) => idFrom('bench', name)) as [string, string, string];

/** Somebody who looks at contacts, and how many of them that one sees. Without a policy: everything. */
export interface Reader {
  readonly name: string;
  readonly sees: number;
  readonly policy?: Policy;
}

/** Every so many contacts are of few, of some, or of the team that follows from their number. */
const everyOf = (size: number, wanted: number): number => Math.max(1, Math.floor(size / wanted));

export const readersOf = (size: number): readonly Reader[] => {
  const inTeams = (share: number): readonly string[] =>
    Array.from({ length: Math.round(TEAMS * share) }, (_, n) => teamId(n));
  const policy = (scope: GrantScope, owner: string, teams: readonly string[] = []): Policy => ({
    owners: [owner],
    teams,
    teamsAndBelow: teams,
    roles: [{ grants: [{ object: 'contact', action: 'read', scope }], fields: [] }],
  });
  return [
    { name: 'owns none', sees: 0, policy: policy('own', idFrom('bench', 'nobody')) },
    { name: 'owns few', sees: 5, policy: policy('own', FEW) },
    { name: 'has some shared', sees: Math.ceil(size / SHARED_EVERY), policy: policy('own', GUEST) },
    { name: 'is in one team', sees: Math.floor(size / 1_000), policy: policy('team', userId(-1), [SOME]) },
    { name: 'leads a tenth', sees: size / 10, policy: policy('team-and-below', userId(-1), inTeams(0.1)) },
    { name: 'leads half', sees: size / 2, policy: policy('team-and-below', userId(-1), inTeams(0.5)) },
    { name: 'leads all teams', sees: size, policy: policy('team-and-below', userId(-1), [...inTeams(1), SOME]) },
    { name: 'sees all by a role', sees: size, policy: policy('all', userId(-1)) },
  ];
};

/** Documents of the list of contacts, as its projection makes them. */
export const crowdDocuments = (
  from: number,
  to: number,
  size: number,
): readonly { readonly document: Document; readonly position: Position }[] =>
  Array.from({ length: to - from }, (_, at) => {
    const n = from + at;
    const person = contactOf(n);
    const shares: readonly Share[] = n % SHARED_EVERY === 3 ? [{ userId: GUEST, access: 'read' }] : [];
    const when = new Date(BEGAN + n * 60_000).toISOString();
    const belonging = {
      ownerId: n % everyOf(size, 5) === 1 ? FEW : userId((n * 7) % OWNERS),
      teamId: n % 1_000 === 2 ? SOME : teamId(n % TEAMS),
      ...(shares.length > 0 && { shares }),
    };
    const document = {
      ...{ id: idFrom('bench contact', n), tenant: TENANT, ...person, ...belonging, ...sharedFields({ shares }) },
      ...{ emailKey: person.email, archived: false, revision: 0, createdAt: when, updatedAt: when },
    };
    return { document, position: positionOf(n + 1) };
  });
