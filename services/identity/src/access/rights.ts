import { Inject, Injectable } from '@nestjs/common';
import { givesPermission, type Grant, SELF } from '@rapport/access';
import { streamName } from '@rapport/event-store';
import { type Decider, type DomainEvent, fold } from '@rapport/kernel';
import { methodPermissions, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { role } from '../domain/role/role.js';
import { user, type UserState } from '../domain/user/user.js';

/** What a user may do at this moment. */
export interface Rights {
  readonly name: string;
  /** Built-in ones by their names, others by their ids. */
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

export const knownPermissions: readonly string[] = [
  ...new Set([...methodPermissions.values()].filter((permission) => permission !== undefined)),
].sort();

/** Asks the events themselves, so that nobody who was sent away comes in for a moment more. */
@Injectable()
export class UserRights {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  /** Undefined for somebody who is not there, or was deactivated. */
  async of(tenant: string, userId: string): Promise<Rights | undefined> {
    const state = await this.user(tenant, userId);
    if (!state || state.archived) return undefined;
    const roles = await Promise.all((state.roleIds ?? []).map((id) => this.role(tenant, id)));
    const grants = roles.flatMap((each) => each?.grants ?? []);
    return {
      name: state.name ?? '',
      roles: roles.flatMap((each) => each?.name ?? []),
      permissions: knownPermissions.filter((name) => name === SELF || givesPermission(grants, name)),
    };
  }

  user(tenant: string, id: string): Promise<UserState> {
    return this.state(user, tenant, id);
  }

  /** An archived role gives nothing. */
  private async role(tenant: string, id: string) {
    const state = await this.state(role, tenant, id);
    if (!state || state.archived) return undefined;
    return { name: state.builtIn ?? id, grants: (state.grants ?? []) as readonly Grant[] };
  }

  private async state<State, E extends DomainEvent>(
    decider: Pick<Decider<State, E, object>, 'aggregate' | 'initialState' | 'evolve'>,
    tenant: string,
    id: string,
  ): Promise<State> {
    const history = await Array.fromAsync(this.runtime.events.read(streamName(decider.aggregate, tenant, id)));
    return fold(decider, history as unknown as readonly E[]);
  }
}
