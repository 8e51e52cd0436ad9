import { createHash } from 'node:crypto';
import { directoryOf } from '../domain/user/directory.js';
import type { UserState } from '../domain/user/user.js';
import type { TeamDocument } from '../records/teams.js';
import type { UserDocument } from '../records/users.js';
import type { Resource, ResourceType } from './protocol/attribute.js';
import { groupType } from './protocol/group-type.js';
import { userType } from './protocol/user-type.js';

interface Account {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A user as the protocol shows one. @param teams that a directory keeps, by id */
export const userResource = (user: UserDocument, teams: ReadonlyMap<string, TeamDocument>, base: string): Resource => {
  const groups = (user.teamIds ?? []).flatMap((id) => {
    const team = teams.get(id);
    return team ? [{ value: id, $ref: `${base}/Groups/${id}`, display: team.name, type: 'direct' }] : [];
  });
  const said = { ...saidOf(user), ...(groups.length > 0 && { groups }) };
  return complete(userType, said, user, base, tagOf(user.revision));
};

/** What the directory says, as it stands: whether somebody may come in is Rapport's to know, where the directory speaks of it. */
export const saidOf = (user: NonNullable<UserState>): Resource => {
  const entry = directoryOf(user);
  return { ...entry, ...(entry && 'active' in entry && { active: !user.archived }) };
};

/** A team as the protocol shows one. @param members users whom a directory keeps; undefined where nobody asks for them */
export const groupResource = (
  team: TeamDocument,
  members: readonly UserDocument[] | undefined,
  base: string,
): Resource => {
  const shown = members?.map(({ id }) => ({ value: id, $ref: `${base}/Users/${id}`, type: 'User' }));
  const said = {
    ...(team.externalId !== undefined && { externalId: team.externalId }),
    displayName: team.name,
    ...(shown && shown.length > 0 && { members: shown }),
  };
  return complete(groupType, said, team, base, groupTag(team, members ?? []));
};

/** What is in a group is no part of the team's own history. */
export const groupTag = ({ revision }: TeamDocument, members: readonly { readonly id: string }[]): string => {
  const ids = members.map(({ id }) => id).sort();
  return tagOf(revision, createHash('sha256').update(ids.join()).digest('hex').slice(0, 12));
};

const tagOf = (...parts: readonly (string | number)[]): string => `W/"${parts.join('.')}"`;

const complete = (
  { name, endpoint, schema, extensions }: ResourceType,
  said: Resource,
  { id, createdAt: created, updatedAt: lastModified }: Account,
  base: string,
  version: string,
): Resource => ({
  schemas: [schema.id, ...extensions.map((extension) => extension.id).filter((urn) => urn in said)],
  id,
  ...said,
  meta: { resourceType: name, created, lastModified, location: `${base}${endpoint}/${id}`, version },
});
