import { Inject, Injectable } from '@nestjs/common';
import type { CallContext } from '@rapport/kernel';
import type { UserDocument } from '../records/users.js';
import { Directory } from './directory.js';
import { attributesOn, type Resource, type ResourceType } from './protocol/attribute.js';
import { discovered, resourceTypes } from './protocol/discovery.js';
import type { Filter } from './protocol/filter.js';
import { listOf, type Query, queryOf, searchOf, type Typed } from './protocol/listing.js';
import { ScimError } from './protocol/scim-error.js';
import { shownOf } from './protocol/showing.js';
import { userType } from './protocol/user-type.js';
import { groupResource, userResource } from './resources.js';
import { type Group, ScimGroups } from './scim-groups.js';
import { ScimUsers } from './scim-users.js';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly body: unknown;
  readonly base: string;
  readonly ifMatch?: string | undefined;
}

export interface Answered {
  readonly status: number;
  readonly body?: object | undefined;
  readonly location?: string;
  readonly etag?: string;
}

/** Which request asks for what (RFC 7644, section 3.2). */
@Injectable()
export class ScimRouter {
  constructor(
    @Inject(ScimUsers) private readonly users: ScimUsers,
    @Inject(ScimGroups) private readonly groups: ScimGroups,
    @Inject(Directory) private readonly directory: Directory,
  ) {}

  /** @throws ScimError | DomainError */
  async answer(asked: Asked, call: CallContext): Promise<Answered> {
    const { method, path, parameters, base } = asked;
    const [, first = '', id, ...rest] = path.replace(/\/$/, '').split('/');
    const type = resourceTypes.find(({ endpoint }) => endpoint.toLowerCase() === `/${first.toLowerCase()}`);
    if (rest.length > 0 || first === 'Bulk' || first === 'Me') throw nothing(asked);
    if (type && id !== undefined && id !== '.search') return this.one(type, id, asked, call);
    if (type || first === '' || first === '.search') return this.many(type ? [type] : resourceTypes, asked, call);
    const found = discovered(path, base);
    if (!found) throw nothing(asked);
    if (method !== 'GET') throw new ScimError(405, `${method} is not possible here.`);
    // A client that filters must not believe that it has seen what fits.
    if (parameters.has('filter')) throw new ScimError(403, 'What is discovered here cannot be filtered.');
    return { status: 200, body: found };
  }

  private async many(types: readonly ResourceType[], asked: Asked, call: CallContext): Promise<Answered> {
    const { method, path, parameters, body } = asked;
    const isSearch = path.endsWith('/.search');
    const [type] = types as [ResourceType];
    if (method === 'POST' && !isSearch && types.length === 1) return this.created(type, asked, call);
    if (method !== (isSearch ? 'POST' : 'GET')) throw new ScimError(405, `${method} is not possible here.`);
    const query = isSearch ? searchOf(body) : queryOf(parameters);
    const all = await Promise.all(types.map((each) => this.all(each, query, asked, call)));
    return { status: 200, body: listOf(all.flat(), query) };
  }

  private async all(type: ResourceType, query: Query, { base }: Asked, call: CallContext): Promise<readonly Typed[]> {
    const { tenant } = call.principal;
    const teams = await this.directory.allTeams(tenant);
    if (type === userType) {
      const byId = new Map(teams.map((team) => [team.id, team]));
      const users = await this.directory.allUsers(tenant, userNameIn(query.filter));
      return users.map((user) => ({ type, resource: userResource(user, byId, base) }));
    }
    const members = membersOf(await this.directory.allUsers(tenant));
    return teams.map((team) => ({ type, resource: groupResource(team, members.get(team.id) ?? [], base) }));
  }

  private async created(type: ResourceType, { body, parameters, base }: Asked, call: CallContext): Promise<Answered> {
    const resource =
      type === userType
        ? await this.shownUser(await this.users.create(body, call), base, call)
        : shownGroup(await this.groups.create(body, call), base);
    return { ...answerOf(type, resource, parameters), status: 201 };
  }

  private async one(type: ResourceType, id: string, asked: Asked, call: CallContext): Promise<Answered> {
    const change = type === userType ? this.user(id, asked, call) : this.group(id, asked, call);
    const resource = await change;
    return resource ? answerOf(type, resource, asked.parameters) : { status: 204 };
  }

  private async user(id: string, { method, body, base, ifMatch }: Asked, call: CallContext) {
    const marked = { ...call, ...revisionIn(ifMatch) };
    switch (method) {
      case 'GET':
        return this.shownUser(await this.users.present(id, call), base, call);
      case 'PUT':
        return this.shownUser(await this.users.replace(id, body, marked), base, call);
      case 'PATCH':
        return this.shownUser(await this.users.patch(id, body, marked), base, call);
      case 'DELETE':
        return void (await this.users.remove(id, marked));
      default:
        throw new ScimError(405, `${method} is not possible here.`);
    }
  }

  private async group(id: string, { method, body, base, ifMatch }: Asked, call: CallContext) {
    switch (method) {
      case 'GET':
        return shownGroup(await this.groups.present(id, call), base);
      case 'PUT':
        return shownGroup(await this.groups.replace(id, body, call, ifMatch), base);
      case 'PATCH':
        return shownGroup(await this.groups.patch(id, body, call, ifMatch), base);
      case 'DELETE':
        return void (await this.groups.remove(id, call, ifMatch));
      default:
        throw new ScimError(405, `${method} is not possible here.`);
    }
  }

  private async shownUser(user: UserDocument, base: string, { principal }: CallContext): Promise<Resource> {
    const teams = (user.teamIds ?? []).length === 0 ? [] : await this.directory.allTeams(principal.tenant);
    return userResource(user, new Map(teams.map((team) => [team.id, team])), base);
  }
}

const shownGroup = ({ team, members }: Group, base: string): Resource => groupResource(team, members, base);

const answerOf = (type: ResourceType, resource: Resource, parameters: URLSearchParams): Answered => {
  const { location, version: etag } = resource['meta'] as { location: string; version: string };
  return { status: 200, body: shownOf(resource, queryOf(parameters), type), location, etag };
};

const membersOf = (users: readonly UserDocument[]): ReadonlyMap<string, readonly UserDocument[]> => {
  const members = new Map<string, UserDocument[]>();
  for (const user of users) for (const id of user.teamIds ?? []) members.set(id, [...(members.get(id) ?? []), user]);
  return members;
};

/** Directories look for one user by name before they send one: there is an index for that. */
const userNameIn = (filter: Filter | undefined): string | undefined => {
  if (filter?.is !== 'compared' || filter.by !== 'eq' || typeof filter.value !== 'string') return undefined;
  return attributesOn(filter.path, userType)?.at(-1)?.name === 'userName' ? filter.value : undefined;
};

/** @throws ScimError 412 for a tag that no user has had */
const revisionIn = (ifMatch: string | undefined): Pick<CallContext, 'expectedRevision'> => {
  if (ifMatch === undefined || ifMatch === '*') return {};
  const revision = /^(?:W\/)?"(\d{1,15})"$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined) throw new ScimError(412, 'If-Match names no version of this user. Read it again.');
  return { expectedRevision: Number(revision) };
};

const nothing = ({ path }: Asked): ScimError => {
  const unsupported = /^\/(Bulk|Me)(\/|$)/.test(path);
  return unsupported
    ? new ScimError(501, `${path} is not supported here; see /ServiceProviderConfig.`)
    : new ScimError(404, `There is nothing at ${path.slice(0, 200)}.`);
};
