import type { AskedCommand } from '@rapport/commands';
import { type CallContext, idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Provided } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';

/** What identity is asked: to let somebody know. */
export const NOTIFY = 'Notify';

/** Who is not told by then is not told: it is history. */
const NEWS_MILLISECONDS = 7 * 24 * 3_600_000;

/** What somebody should know of. */
export interface Notice {
  readonly kind: string;
  /** A user's id, or what records know an owner by. */
  readonly to: string;
  readonly object: string;
  readonly recordId: string;
  /** The event's type, and when it was stored. */
  readonly what: string;
  readonly at: string;
}

/** Asks identity once for each event and person, however often the event is seen. */
export const notify = async (
  provided: Provided,
  event: RecordedEvent,
  { kind, to, object, recordId }: Pick<Notice, 'kind' | 'to' | 'object' | 'recordId'>,
): Promise<void> => {
  const { commands, engines }: ServiceRuntime = provided(RUNTIME);
  const { actor, correlationId, tenant } = event.metadata;
  const expires = Date.parse(event.recordedAt) + NEWS_MILLISECONDS;
  if (engines.clock.now().getTime() >= expires) return;
  const id = idFrom(event.id, 'notify', to);
  const input: Notice = { kind, to, object, recordId, what: event.type, at: event.recordedAt };
  const call: CallContext = {
    ...{ principal: { tenant, actor, roles: [] }, correlationId, causationId: event.id, answer: {} },
  };
  const asked = {
    ...{ to: 'identity', command: NOTIFY, record: { aggregate: 'notification', id }, input },
    expiresAt: new Date(expires).toISOString(),
  };
  await commands.requests.ask(id, asked, call);
};

/** As identity is asked. */
export const noticeIn = ({ input }: Pick<AskedCommand, 'input'>): Notice => {
  const text = (name: keyof Notice): string => (typeof input[name] === 'string' ? input[name] : '');
  return {
    ...{ kind: text('kind'), to: text('to'), object: text('object'), recordId: text('recordId') },
    ...{ what: text('what'), at: text('at') },
  };
};
