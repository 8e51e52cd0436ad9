import { type Circumstances, type Decider, type Decision, idFrom, reject, timer, UNCHANGED } from '@rapport/kernel';
import type { SignedReceipt } from '@rapport/privacy';
import type {
  DeletionCheck,
  DeletionEvent,
  DeletionPart,
  WorkspaceDeletionPartDone,
  WorkspaceDeletionRequested,
  WorkspaceDeletionStopped,
} from './deletion.events.js';

type Phase = 'requested' | 'cancelled' | 'begun' | 'stopped' | 'released' | 'deleted';

/**
 * How far a workspace's deletion is, of which there is one at a time. In identity it is all of it; elsewhere only what was found and
 * done there, without an order.
 */
export interface Deletion {
  readonly order?: WorkspaceDeletionRequested['data'] & { readonly phase: Phase };
  readonly checks: readonly DeletionCheck[];
  readonly parts: readonly DeletionPart[];
  readonly keys: number;
  /** What stopped it. */
  readonly holds: WorkspaceDeletionStopped['data']['holds'];
  readonly signed?: SignedReceipt;
}

export type DeletionState = Deletion | null;

export interface DeletionCommands {
  request: WorkspaceDeletionRequested['data'];
  cancel: Record<never, never>;
  begin: Record<never, never>;
  check: DeletionCheck;
  stop: WorkspaceDeletionStopped['data'];
  release: { readonly receiptId: string };
  finish: WorkspaceDeletionPartDone['data'];
  sign: { readonly receiptId: string; readonly signed: SignedReceipt };
}

export const DELETION = 'deletion';

/** A workspace has one stream of it. */
export const deletionId = (tenant: string): string => idFrom(DELETION, tenant);

/** Nobody may come in from the moment that it begins, until something stops it. */
export const isClosed = (state: DeletionState): boolean => state?.order !== undefined && CLOSED.has(state.order.phase);

const CLOSED: ReadonlySet<Phase> = new Set(['begun', 'released', 'deleted']);

const NOTHING: Deletion = { checks: [], parts: [], keys: 0, holds: [] };

const evolve = (state: DeletionState, event: DeletionEvent): DeletionState => {
  const before = state ?? NOTHING;
  switch (event.type) {
    case 'WorkspaceDeletionRequested':
      return { ...NOTHING, order: { ...event.data, phase: 'requested' } };
    case 'WorkspaceDeletionCancelled':
      return inPhase(before, 'cancelled');
    case 'WorkspaceDeletionBegun':
      return inPhase(before, 'begun');
    case 'WorkspaceDeletionChecked':
      return { ...before, checks: [...before.checks, event.data] };
    case 'WorkspaceDeletionStopped':
      return { ...inPhase(before, 'stopped'), holds: event.data.holds };
    case 'WorkspaceDeletionReleased':
      return inPhase(before, 'released');
    case 'WorkspaceDeletionPartDone': {
      const { part, keys } = event.data;
      return { ...before, parts: [...before.parts, part], keys: Math.max(before.keys, keys) };
    }
    case 'WorkspaceDeletionReceiptSigned':
      return { ...inPhase(before, 'deleted'), signed: event.data.signed };
  }
};

const inPhase = (before: Deletion, phase: Phase): Deletion =>
  before.order ? { ...before, order: { ...before.order, phase } } : before;

/** Whether a step is one of the order that is under way; what comes late, of an older one, changes nothing. */
const isOf = (state: DeletionState, receiptId: string, ...phases: readonly Phase[]): boolean =>
  state?.order?.receiptId === receiptId && phases.includes(state.order.phase);

const request = (state: DeletionState, data: DeletionCommands['request']): Decision<DeletionEvent> => {
  const { phase, dueAt } = state?.order ?? {};
  if (phase === undefined || phase === 'cancelled' || phase === 'stopped')
    return [{ type: 'WorkspaceDeletionRequested', data }];
  const message = `This workspace is to be deleted already, at ${dueAt}. Cancel that first if it is to be another time.`;
  return reject('conflict', 'deletion-requested', message);
};

const cancel = (state: DeletionState): Decision<DeletionEvent> => {
  const phase = state?.order?.phase;
  if (phase === 'requested') return [{ type: 'WorkspaceDeletionCancelled', data: {} }];
  if (phase === 'cancelled') return [];
  return reject('conflict', 'no-deletion', 'Nobody has asked for this workspace to be deleted, or it was stopped.');
};

/** Each step may be asked for again and is done once. */
export const deletion: Decider<DeletionState, DeletionEvent, DeletionCommands> = {
  aggregate: DELETION,
  events: {
    WorkspaceDeletionRequested: UNCHANGED,
    WorkspaceDeletionCancelled: UNCHANGED,
    WorkspaceDeletionBegun: UNCHANGED,
    WorkspaceDeletionChecked: UNCHANGED,
    WorkspaceDeletionStopped: UNCHANGED,
    WorkspaceDeletionReleased: UNCHANGED,
    WorkspaceDeletionPartDone: UNCHANGED,
    WorkspaceDeletionReceiptSigned: UNCHANGED,
  },
  initialState: null,
  evolve,
  decide: {
    request,
    cancel,
    begin: (state) =>
      state?.order?.phase === 'requested'
        ? [{ type: 'WorkspaceDeletionBegun', data: { receiptId: state.order.receiptId } }]
        : [],
    check: (state, data) => {
      const isKnown = state?.checks.some(
        ({ context, because }) => context === data.context && because === data.because,
      );
      const isLate = state?.order !== undefined && !isOf(state, data.receiptId, 'requested', 'begun');
      return isKnown || isLate ? [] : [{ type: 'WorkspaceDeletionChecked', data }];
    },
    stop: (state, data) =>
      isOf(state, data.receiptId, 'requested', 'begun') ? [{ type: 'WorkspaceDeletionStopped', data }] : [],
    release: (state, data) =>
      isOf(state, data.receiptId, 'begun') ? [{ type: 'WorkspaceDeletionReleased', data }] : [],
    finish: (state, data) => {
      const isKnown = state?.parts.some(({ context }) => context === data.part.context);
      const isLate = state?.order !== undefined && !isOf(state, data.receiptId, 'released');
      return isKnown || isLate ? [] : [{ type: 'WorkspaceDeletionPartDone', data }];
    },
    sign: (state, data) =>
      isOf(state, data.receiptId, 'released') ? [{ type: 'WorkspaceDeletionReceiptSigned', data }] : [],
  },
};

/** It begins by itself once its time is over. */
export const deletionDue = timer<DeletionState, DeletionEvent>({
  decider: deletion,
  name: 'deletion-due',
  dueAt: (event) => {
    if (event.type === 'WorkspaceDeletionRequested') return event.data.dueAt;
    return DUE_NO_MORE.has(event.type) ? null : undefined;
  },
  decide: (state, _, circumstances: Circumstances) => deletion.decide.begin(state, {}, circumstances),
});

const DUE_NO_MORE: ReadonlySet<DeletionEvent['type']> = new Set([
  'WorkspaceDeletionCancelled',
  'WorkspaceDeletionBegun',
  'WorkspaceDeletionStopped',
]);
