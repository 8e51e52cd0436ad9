import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.js';

interface ScanView {
  readonly state: string;
  readonly pairs: number;
  readonly added: number;
  readonly full: boolean;
}

export interface ScanMeasured {
  /** Milliseconds from the end of the import. */
  readonly took: number;
  readonly counts: ScanView;
  /** Milliseconds that a read took each, meanwhile. */
  readonly reads: readonly number[];
}

const POLL_MILLISECONDS = 50;

/** Waits for the end of the scan that follows an import. @throws Error when it does not come to a good end */
export const scanned = async (api: Api): Promise<ScanMeasured> => {
  const began = performance.now();
  const reads: number[] = [];
  const { data } = await api.get<{ data: readonly { readonly id: string }[] }>('/v1/contacts?limit=1');
  for (;;) {
    const at = performance.now();
    await api.get(`/v1/contacts/${data[0]!.id}`);
    reads.push(performance.now() - at);
    const counts = await api.get<ScanView>('/v1/duplicates/scan');
    if (counts.state === 'finished') return { took: performance.now() - began, counts, reads };
    if (counts.state !== 'running' && counts.state !== 'never') throw new Error(`The scan ended as ${counts.state}.`);
    await pause(POLL_MILLISECONDS);
  }
};
