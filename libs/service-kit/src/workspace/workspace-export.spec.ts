import { expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { exportExpiry, workspaceExport, type WorkspaceExportEvent } from './workspace-export.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'e' };
const expiresAt = '2026-01-04T00:00:00.000Z';
const written = { files: [{ name: 'contacts.ndjson', lines: 2, sha256: 'a' }], bytes: 9, sha256: 'b' };
const begun: WorkspaceExportEvent = { type: 'WorkspaceExportBegun', data: { expiresAt } };
const finished: WorkspaceExportEvent = { type: 'WorkspaceExportFinished', data: written };
const expired: WorkspaceExportEvent = { type: 'WorkspaceExportExpired', data: {} };
const after = (...events: readonly WorkspaceExportEvent[]) => fold(workspaceExport, events);

it('is begun once, finished once, and not once it has expired', () => {
  expect(workspaceExport.decide.begin(null, { expiresAt }, at)).toEqual([begun]);
  expect(workspaceExport.decide.begin(after(begun), { expiresAt: at.at }, at)).toEqual([]);
  expect(workspaceExport.decide.finish(null, written, at)).toMatchObject({ rejected: 'not-found' });
  expect(workspaceExport.decide.finish(after(begun), written, at)).toEqual([finished]);
  expect(workspaceExport.decide.finish(after(begun, finished), written, at)).toEqual([]);
  expect(workspaceExport.decide.finish(after(begun, expired), written, at)).toEqual([]);
});

it('expires once, at its time or before', () => {
  expect(exportExpiry.dueAt(begun, undefined as never)).toBe(expiresAt);
  expect(exportExpiry.dueAt(finished, undefined as never)).toBeUndefined();
  expect(exportExpiry.dueAt(expired, undefined as never)).toBeNull();
  expect(workspaceExport.decide.expire(after(begun), {}, at)).toEqual([expired]);
  expect(workspaceExport.decide.expire(after(begun, finished, expired), {}, at)).toEqual([]);
});
