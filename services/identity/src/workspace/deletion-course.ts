import { partsOf, prefixOf } from '@rapport/event-store';
import { idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import {
  answerPrefixes,
  awaitedBy,
  type Deletion,
  DELETION,
  DeletionLog,
  type Provided,
  RUNTIME,
  type ServiceRuntime,
  type WorkspaceDeletionChecked,
  type WorkspaceDeletionPartDone,
} from '@rapport/service-kit';
import { administrators } from '../domain/administrators/administrators.js';
import { Notifications } from '../notifications/notifications.js';
import { tenantRecordId } from '../records/tenant.js';
import { stateIn } from '../state-of.js';
import { signedDeletion } from './signed-deletion.js';

/** Where something is held, whoever asked for the deletion is told of all of it, if the others say so soon. */
const OTHERS_WITHIN_MILLISECONDS = 5_000;

/** The course that deletions take: what contexts answer leads on, or stops them. */
export const deletionCourse = (provided: Provided): readonly Reaction[] => {
  const own = { prefixes: [prefixOf(DELETION)], attempts: Infinity };
  return [
    {
      name: 'note-deletion-answers',
      prefixes: answerPrefixes(),
      types: ['WorkspaceDeletionChecked', 'WorkspaceDeletionPartDone'],
      react: (event) => noteAnswer(provided, event),
      attempts: Infinity,
    },
    {
      ...own,
      name: 'decide-on-deletions',
      types: ['WorkspaceDeletionChecked'],
      react: (event, signal) => decideOn(provided, event as RecordedEvent<WorkspaceDeletionChecked>, signal),
    },
    {
      ...own,
      name: 'sign-deletion-receipts',
      types: ['WorkspaceDeletionPartDone'],
      react: (event) => sign(provided, event),
    },
    {
      ...own,
      name: 'tell-of-deletions',
      types: ['WorkspaceDeletionRequested', 'WorkspaceDeletionCancelled', 'WorkspaceDeletionStopped'],
      attempts: 10,
      react: (event) => tell(provided, event),
    },
  ];
};

const noteAnswer = async (provided: Provided, event: RecordedEvent): Promise<'done'> => {
  const log = new DeletionLog(provided);
  if (event.type === 'WorkspaceDeletionChecked')
    await log.step('check', (event as RecordedEvent<WorkspaceDeletionChecked>).data, event);
  else await log.step('finish', (event as RecordedEvent<WorkspaceDeletionPartDone>).data, event);
  return 'done';
};

/** Whether everybody who is waited for has looked, because of one event. */
export const haveAllLooked = (provided: Provided, because: string): ((state: Deletion) => boolean) => {
  const awaited = awaitedBy(provided<ServiceRuntime>(RUNTIME).engines);
  return ({ checks, order }) =>
    order?.phase === 'stopped' ||
    awaited.every((name) => checks.some((each) => each.context === name && each.because === because));
};

const decideOn = async (
  provided: Provided,
  event: RecordedEvent<WorkspaceDeletionChecked>,
  signal: AbortSignal,
): Promise<'done' | 'retry'> => {
  const log = new DeletionLog(provided);
  const { tenant } = partsOf(event.stream);
  const { because, held, receiptId } = event.data;
  const areAll = haveAllLooked(provided, because);
  const enough = AbortSignal.any([signal, AbortSignal.timeout(OTHERS_WITHIN_MILLISECONDS)]);
  const state = held > 0 ? await log.until(tenant, areAll, enough) : await log.state(tenant);
  if (signal.aborted) return 'retry';
  const checks = state?.checks.filter((each) => each.because === because) ?? [];
  const holds = checks.flatMap(({ context, holds: found }) => found.map((hold) => ({ context, ...hold })));
  if (holds.length > 0) await log.step('stop', { receiptId, holds }, event);
  else if (state?.order?.phase === 'begun' && areAll(state)) await log.step('release', { receiptId }, event);
  return 'done';
};

const sign = async (provided: Provided, event: RecordedEvent): Promise<'done'> => {
  const { engines }: ServiceRuntime = provided(RUNTIME);
  const log = new DeletionLog(provided);
  const { tenant } = partsOf(event.stream);
  const state = await log.state(tenant);
  const isDone = awaitedBy(engines).every((name) => state?.parts.some(({ context }) => context === name));
  if (!state?.order || !isDone || state.signed) return 'done';
  const signed = await signedDeletion(engines.keys, state, await log.history(tenant));
  await log.step('sign', { receiptId: state.order.receiptId, signed }, event);
  return 'done';
};

/** Administrators hear of it: one of them may not want it. */
const tell = async (provided: Provided, event: RecordedEvent): Promise<'done'> => {
  const { events }: ServiceRuntime = provided(RUNTIME);
  const { tenant } = partsOf(event.stream);
  const { correlationId } = event.metadata;
  const principal = { tenant, actor: { kind: 'system', id: DELETION }, roles: [] } as const;
  const call = { principal, correlationId, causationId: event.id, answer: {} };
  const about = { kind: 'workspace', object: 'tenant', recordId: tenantRecordId(tenant) };
  const news = { ...about, what: event.type, at: event.recordedAt };
  const users = await stateIn(events, administrators, tenant, idFrom('administrators', tenant));
  for (const userId of users)
    await provided(Notifications).raise(idFrom(event.id, 'notify', userId), userId, news, call);
  return 'done';
};
