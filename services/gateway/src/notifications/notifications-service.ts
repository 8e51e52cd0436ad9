import type { eventsV1, identityV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import { NOW } from '../events/cursor.js';
import type { Context } from '../gateway-options.js';
import { placeAfter, placeIn } from './notification-cursor.js';
import type { RecordSight } from './record-sight.js';

export const NOTIFICATIONS = 'rapport.identity.v1.NotificationsService';
const RAISED = 'rapport.identity.v1.ContextNotificationsService';

const DEFAULT_LIMIT = 50;
const PAGE = 100;
/** Nobody counts further. */
const MOST_COUNTED = 100;
/** Most that are looked through for one answer. */
const MOST_LOOKED_AT = 2_000;

type Notification = identityV1.Notification;

/**
 * rapport.identity.v1.NotificationsService: what identity has raised for the caller, as far as the caller sees the records that it is
 * about. Pages are filled, so that nothing tells that there was more.
 */
export class NotificationsService {
  constructor(
    private readonly identity: Backend,
    private readonly sight: RecordSight,
  ) {}

  async listNotifications(
    { unread = false, limit = DEFAULT_LIMIT, cursor }: identityV1.ListNotificationsRequest,
    call: CallContext,
  ): Promise<identityV1.ListNotificationsResponse> {
    const found = await this.#seen({ unread, wanted: limit + 1, cursor }, call);
    const data = found.slice(0, limit);
    return { data, next: found.length > limit ? placeAfter(data.at(-1)!) : undefined };
  }

  async countUnreadNotifications(_: object, call: CallContext): Promise<identityV1.UnreadNotifications> {
    const found = await this.#seen({ unread: true, wanted: MOST_COUNTED + 1, cursor: undefined }, call);
    return { unread: Math.min(found.length, MOST_COUNTED), more: found.length > MOST_COUNTED };
  }

  async markNotificationRead(
    request: identityV1.MarkNotificationReadRequest,
    call: CallContext,
  ): Promise<Notification> {
    return this.#ask<Notification>('markRaised', request, call);
  }

  async markNotificationsRead(_: object, call: CallContext): Promise<identityV1.UnreadNotifications> {
    await this.#ask('markAllRaised', {}, call);
    return { unread: 0, more: false };
  }

  /** What a stream of them is pulled from: the caller's alone, and only what is seen. It begins with what comes next. */
  get source(): Context {
    const invoke = async (_: string, __: string, asked: object, call: CallContext): Promise<object> => {
      const request = asked as eventsV1.PullEventsRequest;
      const after = request.after || NOW;
      const pulled = await this.#ask<eventsV1.PullEventsResponse>('pullRaised', { ...request, after }, call);
      const shown = await Promise.all(
        pulled.events.map(({ data }) =>
          this.sight.sees((data as unknown as identityV1.NotificationRaised).notification!, call),
        ),
      );
      const ofShown = <T>(all: readonly T[]): T[] => all.filter((_each, n) => shown[n]);
      const events = ofShown(pulled.events).map((event) => ({ ...event, dataschema: undefined }));
      return { ...pulled, events, positions: ofShown(pulled.positions) };
    };
    return { name: 'identity', importKinds: [], backend: { services: this.identity.services, invoke } };
  }

  async #seen(
    {
      unread,
      wanted,
      cursor,
    }: { readonly unread: boolean; readonly wanted: number; readonly cursor: string | undefined },
    call: CallContext,
  ): Promise<Notification[]> {
    const seen: Notification[] = [];
    let place = placeIn(cursor);
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += PAGE) {
      const asked = { unread, limit: PAGE, ...place };
      const { data, more } = await this.#ask<identityV1.ListRaisedResponse>('listRaised', asked, call);
      const shown = await Promise.all(data.map((each) => this.sight.sees(each, call)));
      seen.push(...data.filter((_, n) => shown[n]));
      if (!more || seen.length >= wanted) break;
      const last = data.at(-1)!;
      place = { beforeAt: last.at, beforeId: last.id };
    }
    return seen.slice(0, wanted);
  }

  async #ask<A>(method: string, request: object, { principal, correlationId, signal }: CallContext): Promise<A> {
    const asked = { ...principal, permissions: ['credentials.read'] };
    const call: CallContext = { principal: asked, correlationId, answer: {}, ...(signal && { signal }) };
    return (await this.identity.invoke(RAISED, method, request, call)) as A;
  }
}
