import { type Decider, idFrom, reject, type Rejection, UNCHANGED } from '@rapport/kernel';
import type { DuplicateScanEvent, DuplicateScanFinished, ScanCounts, ScanProgress } from './duplicate-scan.events.js';

/** The latest scan of a tenant. */
export type DuplicateScanState = {
  readonly status: 'running' | 'finished' | 'canceled' | 'failed';
  readonly counts: ScanCounts;
  /** Absent before the first checkpoint. */
  readonly kind?: string;
  readonly upTo?: string;
  readonly full: boolean;
} | null;

export interface DuplicateScanCommands {
  begin: Record<string, never>;
  progress: ScanProgress;
  finish: DuplicateScanFinished['data'];
  cancel: Record<string, never>;
  fail: Record<string, never>;
}

export const NOTHING_SCANNED: ScanCounts = { records: 0, compared: 0, pairs: 0, added: 0, removed: 0 };

/** Scans of a tenant, one after the other: all are in one stream, so that there is one at a time. */
export const duplicateScan: Decider<DuplicateScanState, DuplicateScanEvent, DuplicateScanCommands> = {
  aggregate: 'duplicateScan',
  events: {
    DuplicateScanBegun: UNCHANGED,
    DuplicateScanProgressed: UNCHANGED,
    DuplicateScanFinished: UNCHANGED,
    DuplicateScanCanceled: UNCHANGED,
    DuplicateScanFailed: UNCHANGED,
  },
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'DuplicateScanBegun') return { status: 'running', counts: NOTHING_SCANNED, full: false };
    if (state === null) return null;
    if (event.type === 'DuplicateScanProgressed') return { ...state, ...event.data };
    if (event.type === 'DuplicateScanFinished') return { ...state, ...event.data, status: 'finished' };
    return { ...state, status: event.type === 'DuplicateScanCanceled' ? 'canceled' : 'failed' };
  },
  decide: {
    begin: (state) => (state?.status === 'running' ? running() : [{ type: 'DuplicateScanBegun', data: {} }]),
    progress: (state, data) => whileRunning(state, { type: 'DuplicateScanProgressed', data }),
    finish: (state, data) => whileRunning(state, { type: 'DuplicateScanFinished', data }),
    cancel: (state) => whileRunning(state, { type: 'DuplicateScanCanceled', data: {} }),
    fail: (state) => whileRunning(state, { type: 'DuplicateScanFailed', data: {} }),
  },
};

const whileRunning = (
  state: DuplicateScanState,
  event: DuplicateScanEvent,
): readonly DuplicateScanEvent[] | Rejection =>
  state?.status === 'running'
    ? [event]
    : reject('conflict', 'no-scan-running', 'No scan is running. Begin one: POST /v1/duplicates:scan.');

const running = (): Rejection =>
  reject(
    'conflict',
    'scan-running',
    'A scan is running. Wait for its end, or cancel it: POST /v1/duplicates/scan:cancel.',
  );

/** Of the stream in which a tenant's scans are. */
export const scanId = (tenant: string): string => idFrom('duplicate-scan', tenant);
