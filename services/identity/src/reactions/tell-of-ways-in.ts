import { everythingOf } from '@rapport/access';
import { partsOf, prefixOf } from '@rapport/event-store';
import { type CallContext, emailKeyOf, fold, idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { where } from '@rapport/read-models';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { session, type SessionOpened } from '../domain/session/session.js';
import { signIn, type SignInEvent } from '../domain/sign-in/sign-in.js';
import { user } from '../domain/user/user.js';
import { Notifications } from '../notifications/notifications.js';
import { sessionList } from '../read-models/session-list.js';
import { historyIn, stateIn } from '../state-of.js';

const NEWS_MILLISECONDS = 7 * 24 * 3_600_000;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
/** Nobody has had more devices lately. */
const MOST_LOOKED_AT = 200;

const CHANGES: readonly SignInEvent['type'][] = [
  ...(['PasswordSet', 'SecondFactorConfirmed', 'SecondFactorRemoved'] as const),
  ...(['RecoveryCodeUsed', 'PasskeyEnrolled', 'PasskeyRemoved'] as const),
];

/** Whoever signs in otherwise from now on is told, by whomever it was changed. The first password is no change. */
export const tellOfWaysIn = (provided: Provided): Reaction => ({
  name: 'tell-of-ways-in',
  prefixes: [prefixOf(signIn.aggregate)],
  types: CHANGES,
  react: async (event) => {
    const { tenant, id: userId } = partsOf(event.stream);
    const { events }: ServiceRuntime = provided(RUNTIME);
    const { generation } = await stateIn(events, signIn, tenant, userId);
    if (event.type === 'PasswordSet' && generation < 2) return 'done';
    await tell(provided, event, userId, { kind: 'ways-in', object: 'user', recordId: userId });
    return 'done';
  },
});

/** Whoever signs in by another address from now on is told. The first one is no change. */
export const tellOfNewAddresses = (provided: Provided): Reaction => ({
  name: 'tell-of-new-addresses',
  prefixes: [prefixOf(user.aggregate)],
  types: ['UserEdited', 'UserChangeUndone'],
  readable: true,
  react: async (event) => {
    const { email } = (event.data as { readonly set: { readonly email?: string | null } }).set;
    if (typeof email !== 'string') return 'done';
    const { tenant, id: userId } = partsOf(event.stream);
    const { events }: ServiceRuntime = provided(RUNTIME);
    const history = await historyIn(events, user.aggregate, tenant, userId);
    const before = fold(user, history.filter(({ revision }) => revision < event.revision) as never);
    if (before?.email === undefined || emailKeyOf(before.email) === emailKeyOf(email)) return 'done';
    await tell(provided, event, userId, { kind: 'ways-in', object: 'user', recordId: userId });
    return 'done';
  },
});

/** Somebody who has signed in before hears of it when a device does that was not seen. */
export const tellOfNewDevices = (provided: Provided): Reaction => ({
  name: 'tell-of-new-devices',
  prefixes: [prefixOf(session.aggregate)],
  types: ['SessionOpened'],
  readable: true,
  react: async (event) => {
    const { userId, device } = event.data as SessionOpened['data'];
    if (device === undefined) return 'done';
    const { tenant, id } = partsOf(event.stream);
    const list = provided<ServiceRuntime>(RUNTIME).projection(sessionList);
    await list.reach(event.position, CAUGHT_UP_WITHIN_MILLISECONDS);
    const { documents } = await list.documents.query(everythingOf(tenant), {
      limit: MOST_LOOKED_AT,
      sort: [{ field: 'createdAt', descending: true }],
      filter: where('userId', '=', userId),
    });
    const others = documents.filter((each) => each.id !== id && each.device !== undefined);
    const isNew = others.length > 0 && others.every((each) => each.device !== device);
    if (isNew) await tell(provided, event, userId, { kind: 'sign-in', object: 'session', recordId: id });
    return 'done';
  },
});

const tell = async (
  provided: Provided,
  event: RecordedEvent,
  userId: string,
  about: { readonly kind: string; readonly object: string; readonly recordId: string },
): Promise<void> => {
  const { clock } = provided<ServiceRuntime>(RUNTIME).engines;
  if (clock.now().getTime() - Date.parse(event.recordedAt) > NEWS_MILLISECONDS) return;
  const { tenant, correlationId } = event.metadata;
  const principal = { tenant, actor: { kind: 'system', id: 'sign-in' }, roles: [] } as const;
  const call: CallContext = { principal, correlationId, causationId: event.id, answer: {} };
  const news = { ...about, what: event.type, at: event.recordedAt };
  await provided(Notifications).raise(idFrom(event.id, 'notify', userId), userId, news, call);
};
