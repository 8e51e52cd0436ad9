import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import type { CallContext, Circumstances, Decision } from '@rapport/kernel';
import { and, where } from '@rapport/read-models';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type Notification, notification, type NotificationEvent } from '../domain/notification/notification.js';
import { preferences } from '../domain/preferences/preferences.js';
import { hasAccess, user, type UserState } from '../domain/user/user.js';
import { users } from '../records/users.js';
import { stateIn } from '../state-of.js';
import { wishFor } from './wishes.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** What somebody should know of, whoever it may be. */
export interface News {
  readonly kind: string;
  readonly object: string;
  readonly recordId: string;
  readonly what: string;
  readonly at: string;
}

/** Raising notifications, and what there is to know about whom they are for. */
@Injectable()
export class Notifications {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  /** People alone are told, and only who may come in. */
  async person(tenant: string, id: string): Promise<NonNullable<UserState> | undefined> {
    const state = await stateIn(this.runtime.events, user, tenant, id);
    return hasAccess(state) && state.kind !== 'service' ? state : undefined;
  }

  /** The user whom records of a context call their owner: who says to be that representative, or itself. */
  async userOf(tenant: string, owner: string): Promise<string | undefined> {
    const list = this.runtime.projection(users.projection);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const filter = and(where('representativeId', '=', owner), where('id', '!=', owner));
    const query = { limit: 1, filter };
    const { documents } = await list.documents.query(everythingOf(tenant), query);
    if (documents[0]) return documents[0].id;
    return (await stateIn(this.runtime.events, user, tenant, owner)) ? owner : undefined;
  }

  async wishOf(tenant: string, userId: string, kind: string): Promise<ReturnType<typeof wishFor>> {
    return wishFor(await stateIn(this.runtime.events, preferences, tenant, userId), kind);
  }

  /** Once for each id. Says whether there is somebody who wants to know. */
  async raise(id: string, userId: string, news: News, call: CallContext): Promise<boolean> {
    const { tenant } = call.principal;
    if (!(await this.person(tenant, userId)) || (await this.wishOf(tenant, userId, news.kind)) === 'off') return false;
    const data = { ...news, userId };
    await this.change(id, 'RaiseNotification', call, (state, at) => notification.decide.raise(state, data, at));
    return true;
  }

  async change(
    id: string,
    name: string,
    { principal, correlationId, causationId }: CallContext,
    decide: (state: Notification, at: Circumstances) => Decision<NotificationEvent>,
  ): Promise<Notification> {
    const call = { principal, correlationId, answer: {}, ...(causationId === undefined ? {} : { causationId }) };
    const order = { decider: notification, id, steps: [{ name, input: id, decide }], call };
    return (await this.commands.execute(new RunCommand<Notification, NotificationEvent>(order))).state;
  }
}
