import { Inject, Injectable } from '@nestjs/common';
import { everythingOf, givesPermission, SELF } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type Policy, type Role } from '@rapport/kernel';
import { or, where } from '@rapport/read-models';
import { methodPermissions, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { role } from '../domain/role/role.js';
import { team } from '../domain/team/team.js';
import { teams } from '../records/teams.js';
import { hasAccess, user, type UserState } from '../domain/user/user.js';
import { stateIn } from '../state-of.js';

/** What a user may do at this moment. */
export interface Rights {
  readonly name: string;
  /** Built-in ones by their names, others by their ids. */
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Absent for a key that has roles of its own: these see all records. */
  readonly policy?: Policy;
}

export const knownPermissions: readonly string[] = [
  ...new Set([...methodPermissions.values()].filter((permission) => permission !== undefined)),
].sort();

/** Under one level of teams. */
const MOST_TEAMS = 1_000;

/** Asks the events themselves, so that nobody who was sent away comes in for a moment more. */
@Injectable()
export class UserRights {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  /** Undefined for somebody who is not there, or was deactivated. */
  async of(tenant: string, userId: string): Promise<Rights | undefined> {
    const state = await this.user(tenant, userId);
    if (!hasAccess(state)) return undefined;
    const roleIds = new Set([...(state.roleIds ?? []), ...(await this.rolesOfTeams(tenant, state.teamIds ?? []))]);
    const roles = (await Promise.all([...roleIds].map((id) => this.role(tenant, id)))).filter((each) => !!each);
    const grants = roles.flatMap((each) => each.grants);
    const { name = '', teamIds = [], representativeId } = state;
    return {
      name,
      roles: roles.map((each) => each.name),
      permissions: knownPermissions.filter((known) => known === SELF || givesPermission(grants, known)),
      policy: {
        owners: [...new Set([userId, representativeId ?? userId])],
        teams: teamIds,
        teamsAndBelow: teamIds.length === 0 ? [] : await this.withBelow(tenant, teamIds),
        roles: roles.map(({ grants, fields }) => ({ grants, fields })),
      },
    };
  }

  /** What somebody may do by being in teams. An archived one gives nothing. */
  private async rolesOfTeams(tenant: string, teamIds: readonly string[]): Promise<readonly string[]> {
    const states = await Promise.all(teamIds.map((id) => stateIn(this.runtime.events, team, tenant, id)));
    return states.flatMap((state) => (state && !state.archived ? (state.roleIds ?? []) : []));
  }

  /** Teams with all that stand under them, as the list of teams knows it. */
  private async withBelow(tenant: string, above: readonly string[]): Promise<readonly string[]> {
    const { documents } = this.runtime.projection(teams.projection);
    const all = new Set(above);
    for (let level = [...all]; level.length > 0;) {
      const filter = or(...level.map((id) => where('parentId', '=', id)));
      const page = await documents.query(everythingOf(tenant), { filter, limit: MOST_TEAMS });
      level = page.documents.map(({ id }) => id).filter((id) => !all.has(id));
      for (const id of level) all.add(id);
    }
    return [...all];
  }

  async hasRole(tenant: string, id: string): Promise<boolean> {
    return (await this.role(tenant, id)) !== undefined;
  }

  user(tenant: string, id: string): Promise<UserState> {
    return stateIn(this.runtime.events, user, tenant, id);
  }

  /** An archived role gives nothing. */
  private async role(tenant: string, id: string) {
    const state = await stateIn(this.runtime.events, role, tenant, id);
    if (!state || state.archived) return undefined;
    const { builtIn, grants = [], fields = [] } = state;
    return { name: builtIn ?? id, grants, fields } as Role & { readonly name: string };
  }
}

/** The contract's form. */
export const policyMessage = ({ owners, teams, teamsAndBelow, roles }: Policy): identityV1.Policy => ({
  owners: [...owners],
  teams: [...teams],
  teamsAndBelow: [...teamsAndBelow],
  roles: roles.map(({ grants, fields }) => ({
    grants: grants.map((grant) => ({ ...grant })),
    fields: fields.map((field) => ({ ...field })),
  })),
});
