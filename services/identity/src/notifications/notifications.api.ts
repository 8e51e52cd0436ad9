import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { actingPerson, everythingOf } from '@rapport/access';
import type { eventsV1, identityV1 } from '@rapport/contracts';
import type { CallContext, Circumstances } from '@rapport/kernel';
import { and, type Filter, or, where } from '@rapport/read-models';
import { ContextEvents, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { notification, type NotificationRaised } from '../domain/notification/notification.js';
import { type NotificationsRead, type ReadMarks, readMarks } from '../domain/notification/read-marks.js';
import { type NotificationDocument, notificationList } from '../read-models/notification-list.js';
import { stateIn } from '../state-of.js';
import { Notifications } from './notifications.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** rapport.identity.v1.ContextNotificationsService */
@Injectable()
export class NotificationsApi {
  private readonly raised: ContextEvents;

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Notifications) private readonly notifications: Notifications,
  ) {
    this.raised = new ContextEvents({
      publishing: { context: 'identity', publishes: { NotificationRaised: published } },
      aggregates: [notification.aggregate],
      events: runtime.events,
      // Whose they are is looked at below.
      scopeOf: ({ tenant }) => everythingOf(tenant),
    });
  }

  async listRaised(request: identityV1.ListRaisedRequest, call: CallContext): Promise<identityV1.ListRaisedResponse> {
    const { tenant } = call.principal;
    const userId = actingPerson(call.principal);
    const list = this.runtime.projection(notificationList);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const { upTo } = await stateIn(this.runtime.events, readMarks, tenant, userId);
    const { documents } = await list.documents.query(everythingOf(tenant), {
      limit: request.limit + 1,
      sort: [
        { field: 'at', descending: true },
        { field: 'id', descending: true },
      ],
      filter: and(where('userId', '=', userId), ...unreadSince(request, upTo), ...before(request)),
    });
    const more = documents.length > request.limit;
    return { data: documents.slice(0, request.limit).map((each) => shown(each, upTo)), more };
  }

  async pullRaised(request: eventsV1.PullEventsRequest, call: CallContext): Promise<eventsV1.PullEventsResponse> {
    const userId = actingPerson(call.principal);
    const pulled = await this.raised.pullEvents(request, call);
    const own = pulled.events.map((event) => (event.data as unknown as Published).userId === userId);
    const ofOwn = <T>(all: readonly T[]): T[] => all.filter((_, n) => own[n]);
    const events = ofOwn(pulled.events).map((event) => {
      const { userId: _, ...data } = event.data as unknown as Published;
      return { ...event, data };
    });
    return { ...pulled, events, positions: ofOwn(pulled.positions) };
  }

  async markRaised(
    { id }: identityV1.MarkNotificationReadRequest,
    call: CallContext,
  ): Promise<identityV1.Notification> {
    const userId = actingPerson(call.principal);
    const state = await this.notifications.change(id, 'ReadNotification', call, (before, at) =>
      notification.decide.read(before, { userId }, at),
    );
    return shown({ ...state!, id }, '');
  }

  async markAllRaised(_: object, call: CallContext): Promise<object> {
    const { principal, correlationId } = call;
    const id = actingPerson(principal);
    const upTo = this.runtime.engines.clock.now().toISOString();
    const decide = (state: ReadMarks, at: Circumstances) => readMarks.decide.read(state, { upTo }, at);
    const steps = [{ name: 'ReadNotifications', input: id, decide }];
    const order = { decider: readMarks, id, steps, call: { principal, correlationId, answer: {} } };
    await this.commands.execute(new RunCommand<ReadMarks, NotificationsRead>(order));
    return {};
  }
}

type Published = identityV1.NotificationRaised & { readonly userId: string };

const published = ({ data: { userId, ...data }, stream }: { data: NotificationRaised['data']; stream: string }) => ({
  type: 'NotificationRaised',
  data: { notification: { ...data, id: stream.slice(-36), read: false }, userId },
});

const unreadSince = ({ unread }: identityV1.ListRaisedRequest, upTo: string): readonly Filter[] =>
  unread ? [where('read', '=', false), ...(upTo === '' ? [] : [where('at', '>', upTo)])] : [];

const before = ({ beforeAt, beforeId }: identityV1.ListRaisedRequest): readonly Filter[] =>
  beforeAt === undefined || beforeId === undefined
    ? []
    : [or(where('at', '<', beforeAt), and(where('at', '=', beforeAt), where('id', '<', beforeId)))];

const shown = (
  { id, kind, object, recordId, what, at, read }: Omit<NotificationDocument, 'tenant' | 'userId' | 'revision'>,
  upTo: string,
): identityV1.Notification => ({ id, kind, object, recordId, what, at, read: read || at <= upTo });
