import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import type { DuplicateScanEvent } from './duplicate-scan.events.js';
import { duplicateScan, NOTHING_SCANNED, scanId } from './duplicate-scan.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 's1' };
const counts = { records: 20, compared: 10, pairs: 3, added: 2, removed: 0 };
const begun: DuplicateScanEvent = { type: 'DuplicateScanBegun', data: {} };
const progressed: DuplicateScanEvent = { type: 'DuplicateScanProgressed', data: { upTo: 'k', counts } };
const finished: DuplicateScanEvent = { type: 'DuplicateScanFinished', data: { counts, full: true } };
const canceled: DuplicateScanEvent = { type: 'DuplicateScanCanceled', data: {} };
const failed: DuplicateScanEvent = { type: 'DuplicateScanFailed', data: {} };
const after = (...history: readonly DuplicateScanEvent[]) => fold(duplicateScan, history);

describe('scans of a tenant', () => {
  it('are in one stream, apart from those of other tenants', () => {
    expect(scanId('acme')).toBe(scanId('acme'));
    expect(scanId('acme')).not.toBe(scanId('other'));
  });

  it('given none is on, when one is begun, then it is on from the beginning', () => {
    for (const history of [[], [begun, finished], [begun, canceled], [begun, failed]])
      expect(duplicateScan.decide.begin(after(...history), {}, now)).toEqual([begun]);
    expect(after(begun, progressed, finished, begun)).toEqual({
      status: 'running',
      counts: NOTHING_SCANNED,
      full: false,
    });
  });

  it('given one is on, when another is begun, then that is refused', () => {
    expect(duplicateScan.decide.begin(after(begun), {}, now)).toMatchObject({
      code: 'scan-running',
      rejected: 'conflict',
    });
  });

  it('given one is on, then it remembers how far it has come, and how it ended', () => {
    expect(after(begun, progressed)).toEqual({ status: 'running', upTo: 'k', counts, full: false });
    expect(after(begun, progressed, finished)).toMatchObject({ status: 'finished', counts, full: true });
    expect(after(begun, progressed, canceled)).toMatchObject({ status: 'canceled', counts });
    expect(after(begun, failed)).toMatchObject({ status: 'failed' });
  });

  it('given none is on, then nothing becomes of it', () => {
    const refused = { code: 'no-scan-running', rejected: 'conflict' };
    for (const history of [[], [begun, finished], [begun, canceled], [begun, failed]]) {
      const state = after(...history);
      expect(duplicateScan.decide.progress(state, { upTo: 'k', counts }, now)).toMatchObject(refused);
      expect(duplicateScan.decide.finish(state, { counts, full: false }, now)).toMatchObject(refused);
      expect(duplicateScan.decide.cancel(state, {}, now)).toMatchObject(refused);
      expect(duplicateScan.decide.fail(state, {}, now)).toMatchObject(refused);
    }
    expect(after(progressed, finished, canceled)).toBeNull();
  });

  it('given one is on, when it is ended, then that is said', () => {
    expect(duplicateScan.decide.progress(after(begun), { upTo: 'k', counts }, now)).toEqual([progressed]);
    expect(duplicateScan.decide.finish(after(begun), { counts, full: true }, now)).toEqual([finished]);
    expect(duplicateScan.decide.cancel(after(begun), {}, now)).toEqual([canceled]);
    expect(duplicateScan.decide.fail(after(begun), {}, now)).toEqual([failed]);
  });
});
