import { Inject, Injectable } from '@nestjs/common';
import { identityV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type TeamDocument, type TeamRecords, teams } from '../records/teams.js';
import type { UserDocument } from '../records/users.js';
import { Directory } from './directory.js';
import type { Resource } from './protocol/attribute.js';
import { groupType } from './protocol/group-type.js';
import { patched } from './protocol/patch.js';
import { readResource } from './protocol/reading.js';
import { invalid, ScimError } from './protocol/scim-error.js';
import { groupResource, groupTag } from './resources.js';
import { ScimUsers } from './scim-users.js';

/** Members are written beside one another, so many at once. */
const AT_ONCE = 8;

/** A team, and who is in it. */
export interface Group {
  readonly team: TeamDocument;
  readonly members: readonly UserDocument[];
}

/** Teams as a directory keeps them. Who is in one is said by the users themselves. */
@Injectable()
export class ScimGroups {
  constructor(
    @Inject(teams.token) private readonly records: TeamRecords,
    @Inject(Directory) private readonly directory: Directory,
    @Inject(ScimUsers) private readonly users: ScimUsers,
  ) {}

  async create(body: unknown, call: CallContext): Promise<Group> {
    const resource = readResource(body, groupType);
    const members = await this.memberIds(resource, call);
    const team = identityV1.Team.fromPartial(fieldsOf(resource));
    const { id } = await this.records.create(team, call, { provisioned: true });
    await this.setMembers(id, new Set(), members, call);
    return this.present(id, call);
  }

  async replace(id: string, body: unknown, call: CallContext, ifMatch?: string): Promise<Group> {
    const resource = readResource(body, groupType);
    return this.change(await this.present(id, call, ifMatch), resource, call);
  }

  async patch(id: string, body: unknown, call: CallContext, ifMatch?: string): Promise<Group> {
    const group = await this.present(id, call, ifMatch);
    const { displayName, externalId, members } = groupResource(group.team, group.members, '');
    const before = {
      displayName,
      ...(externalId !== undefined && { externalId }),
      ...(members !== undefined && { members }),
    };
    return this.change(group, patched(before, body, groupType), call);
  }

  /** Whoever was in it is not any more. */
  async remove(id: string, call: CallContext, ifMatch?: string): Promise<void> {
    const { members } = await this.present(id, call, ifMatch);
    await this.setMembers(id, idsOf(members), new Set(), call);
    await this.records.archive({ id }, plain(call));
  }

  /** @throws ScimError 404, or 412 where the group is another one than the caller knows */
  async present(id: string, { principal: { tenant } }: CallContext, ifMatch?: string): Promise<Group> {
    const team = await this.directory.team(tenant, id);
    if (!team) throw new ScimError(404, `There is no group ${id.slice(0, 100)}.`);
    const members = await this.directory.members(tenant, id);
    if (ifMatch !== undefined && ifMatch !== '*' && !isTag(ifMatch, groupTag(team, members)))
      throw new ScimError(412, `The group ${id} was changed in the meantime. Read it again.`);
    return { team, members };
  }

  private async change({ team, members }: Group, after: Resource, call: CallContext): Promise<Group> {
    const { id } = team;
    const wanted = await this.memberIds(after, call);
    const message = identityV1.Team.fromPartial(fieldsOf(after));
    await this.records.edit(id, message, ['name', 'externalId'], plain(call));
    await this.setMembers(id, idsOf(members), wanted, call);
    return this.present(id, call);
  }

  private async setMembers(
    teamId: string,
    before: ReadonlySet<string>,
    after: ReadonlySet<string>,
    call: CallContext,
  ): Promise<void> {
    const changes = [
      ...without(before, after).map((id) => [id, false] as const),
      ...without(after, before).map((id) => [id, true] as const),
    ];
    for (let n = 0; n < changes.length; n += AT_ONCE) {
      const some = changes.slice(n, n + AT_ONCE);
      await Promise.all(some.map(([id, isMember]) => this.users.setMember(id, teamId, isMember, call)));
    }
  }

  /** @throws ScimError invalidValue for a member who is no user of the directory */
  private async memberIds({ members = [] }: Resource, { principal: { tenant } }: CallContext): Promise<Set<string>> {
    const ids = new Set((members as readonly Resource[]).map((member) => idIn(member)));
    const known = ids.size < AT_ONCE ? await this.some(tenant, ids) : idsOf(await this.directory.allUsers(tenant));
    const [unknown] = without(ids, known);
    if (unknown === undefined) return ids;
    throw invalid('invalidValue', `There is no user ${unknown.slice(0, 100)} who could be a member.`);
  }

  private async some(tenant: string, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const found = await Promise.all([...ids].map((id) => this.directory.user(tenant, id)));
    return idsOf(found.filter((user) => user !== undefined));
  }
}

const isTag = (ifMatch: string, tag: string): boolean =>
  ifMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === tag.replace(/^W\//, ''));

/** Some give only where the member is. */
const idIn = ({ value, $ref }: Resource): string => ((value ?? $ref ?? '') as string).replace(/^.*\//, '');

const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
  [...ids].filter((id) => !others.has(id));

const idsOf = (documents: readonly { readonly id: string }[]): Set<string> => new Set(documents.map(({ id }) => id));

const fieldsOf = ({ displayName, externalId }: Resource): object => ({
  name: (displayName as string).slice(0, 300),
  ...(externalId !== undefined && { externalId: (externalId as string).slice(0, 200) }),
});

const plain = ({ principal, correlationId }: CallContext): CallContext => ({ principal, correlationId, answer: {} });
