import {
  IMPORT_ROWS,
  importDecider,
  type ImportEvent,
  type ImportRowsRecorded,
  importRowsEvents,
  personalImportFields,
} from '@rapport/imports';
import type { KnownAggregate } from '@rapport/event-store';
import type { DomainEvent } from '@rapport/kernel';
import {
  auditChainCatalogue,
  auditEntry,
  deletion,
  retention,
  workspaceExport,
  type ErasureEvent,
  type ErasurePart,
  type NothingChanged,
  unchangedCatalogue,
} from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';
import { TIMER, timerCatalogue, type TimerEvent } from '@rapport/timers';
import { identityTold } from './identity-told.golden.js';
import { markOf, type ToldAggregate } from './told-aggregate.js';

const counts = {
  rows: 2,
  processed: 2,
  created: 1,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  failed: 1,
  restored: 0,
  kept: 0,
};
const file = {
  bytes: 38,
  encoding: 'utf-8',
  separator: ',',
  columns: ['Company', 'Sector'],
  suggested: { Company: 'name', Sector: 'sector' },
};

const importHistory: readonly ImportEvent[] = [
  { type: 'ImportCreated', data: { kind: 'accounts', fileName: 'accounts.csv', settings: { matchBy: 'name' } } },
  { type: 'ImportFileReceived', data: file },
  {
    type: 'ImportSettingsChanged',
    data: {
      settings: {
        ...{ matchBy: 'name', mode: 'upsert', currency: 'USD', columns: { Company: 'name' } },
        values: [{ field: 'sector', from: 'technolgy', to: 'technology' }],
      },
      file: { ...file, separator: ';' },
    },
  },
  { type: 'ImportValidationStarted', data: {} },
  { type: 'ImportProgressed', data: { row: 2, counts } },
  { type: 'ImportValidated', data: {} },
  { type: 'ImportStarted', data: { by: 'ada' } },
  { type: 'ImportFailed', data: { problem: { code: 'storage-full', message: 'No space left.' } } },
  { type: 'ImportStarted', data: { by: 'ada' } },
  { type: 'ImportProgressed', data: { row: 2, counts } },
  { type: 'ImportFinished', data: {} },
  { type: 'ImportRevertStarted', data: { by: 'ada' } },
  { type: 'ImportCanceled', data: {} },
  { type: 'ImportRevertStarted', data: { by: 'ada' } },
  { type: 'ImportProgressed', data: { row: 1, counts: { ...counts, restored: 1 } } },
  { type: 'ImportReverted', data: {} },
  { type: 'ImportFileForgotten', data: {} },
];

const importRowsHistory: readonly ImportRowsRecorded[] = [
  {
    type: 'ImportRowsRecorded',
    data: {
      phase: 'running',
      rows: [
        { row: 1, outcome: 'created', recordId: '01940000-0000-7000-8000-000000000005' },
        {
          row: 2,
          outcome: 'failed',
          problems: [{ column: 'Company', code: 'required', message: 'Company is empty. Fill it in.' }],
        },
      ],
    },
  },
];

const due = {
  record: 'opportunity-main-01940000-0000-7000-8000-000000000006',
  timer: 'expected-close',
  dueAt: '2026-01-03T00:00:00.000Z',
};

const timerHistory: readonly TimerEvent[] = [
  { type: 'TimerParked', data: { ...due, reason: 'storage-full' } },
  { type: 'TimerFired', data: due },
  { type: 'TimerLapsed', data: { ...due, dueAt: '2026-02-01T00:00:00.000Z', reason: 'already-won' } },
];

const unchangedHistory: readonly NothingChanged[] = [
  { type: 'NothingChanged', data: { record: due.record, revision: 2 } },
];

const personId = '01940000-0000-7000-8000-000000000006';

const ids = [personId, '01940000-0000-7000-8000-000000000007'];

const receipt = {
  id: personId,
  erasedAt: '2026-01-01T00:00:00.000Z',
  actor: { kind: 'user', id: 'ada' },
  events: 3,
  digest: '0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543',
} as const;

const partOf = (context: string, { files }: { readonly files: number }): ErasurePart => ({
  ...{ context, state: 'done', doneAt: '2026-01-01T00:00:01.000Z', keys: 2, facts: 3, files, views: 7, taken: 1 },
  takenAlong: [
    {
      at: '2025-12-24T00:00:00.000Z',
      method: 'rapport.privacy.v1.PeopleService/ExportPerson',
      actor: { kind: 'user', id: 'ada' },
      recordIds: [personId],
    },
  ],
});

/** In every context that is about people; only reactions write it. */
export const erasureHistory: readonly ErasureEvent[] = [
  { type: 'PersonForgotten', data: { id: personId, ids } },
  { type: 'ErasureReceiptWritten', data: receipt },
  { type: 'ErasurePartNoted', data: { part: partOf('identity', { files: 0 }) } },
  {
    type: 'ErasureReceiptSigned',
    data: {
      document: '{"receipt":"erasure"}',
      publicKey: 'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=',
      signature: 'c2lnbmF0dXJl',
    },
  },
  // As they are stored since others do their parts, which says more.
  { type: 'PersonForgotten', data: { id: personId, ids, files: ['01940000-0000-7000-8000-000000000008'] } },
  { type: 'ErasureReceiptWritten', data: { ...receipt, part: partOf('contacts', { files: 1 }) } },
  { type: 'ErasurePartDone', data: { from: 'contacts', id: personId, part: partOf('sales', { files: 0 }) } },
];

/** What was decided about contacts that look alike; others never hear of it. */
const duplicateTold = (): ToldAggregate => {
  const known = contextModules.contacts.service.catalogue.find(({ aggregate }) => aggregate === 'duplicate')!;
  const pair = { contactId: personId, otherContactId: '01940000-0000-7000-8000-000000000007' };
  return {
    ...{ context: 'contacts', aggregate: known.aggregate, events: known.events },
    commands: ['dismiss', 'find', 'lose', 'merge', 'reopen'],
    told: [
      { type: 'DuplicateDismissed', data: pair },
      { type: 'DuplicateReopened', data: {} },
      { type: 'DuplicateFound', data: { ...pair, score: 23, verdict: 'likely' } },
      { type: 'DuplicateLost', data: {} },
      { type: 'DuplicateMerged', data: {} },
    ],
  };
};

/** All contacts of a tenant are compared with each other. */
const duplicateScanTold = (): ToldAggregate => {
  const known = contextModules.contacts.service.catalogue.find(({ aggregate }) => aggregate === 'duplicateScan')!;
  const counts = { records: 20, compared: 20, pairs: 3, added: 2, removed: 1 };
  return {
    ...{ context: 'contacts', aggregate: known.aggregate, events: known.events },
    commands: ['begin', 'cancel', 'fail', 'finish', 'progress'],
    told: [
      { type: 'DuplicateScanBegun', data: {} },
      { type: 'DuplicateScanProgressed', data: { upTo: personId, counts } },
      { type: 'DuplicateScanFinished', data: { counts, full: false } },
      { type: 'DuplicateScanCanceled', data: {} },
      { type: 'DuplicateScanFailed', data: {} },
    ],
  };
};

/** What every context keeps in its audit trail. */
const ofEvery = (known: KnownAggregate, ...told: readonly DomainEvent[]): ToldAggregate => {
  const commands = Object.keys('decide' in known ? (known.decide as object) : {});
  const personal = (contextModules.identity.service.personal[known.aggregate] ?? []).map(markOf);
  return { context: 'audit', aggregate: known.aggregate, events: known.events, commands, personal, told };
};

const receiptId = '6d7f0a52-54c3-4f0e-9a1b-2f8f3f1c0d11';
const METHOD = 'rapport.contacts.v1.ContactsService/EraseContact';
const DIGEST = '0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543';

/** Nobody hears of it but the audit trail. */
const suppressionTold = (): ToldAggregate => {
  const { catalogue, personal } = contextModules.contacts.service;
  const known = catalogue.find(({ aggregate }) => aggregate === 'suppression')!;
  return {
    ...{ context: 'contacts', aggregate: known.aggregate, events: known.events, commands: ['release', 'suppress'] },
    personal: personal[known.aggregate]!.map(markOf),
    told: [
      { type: 'AddressSuppressed', data: { contactId: personId, kind: 'email', secret: 'contacts/addresses' } },
      { type: 'AddressReleased', data: { consentId: personId } },
    ],
  };
};

/** Until the letter is out. */
const consentLetterTold = (): ToldAggregate => {
  const { catalogue, personal } = contextModules.contacts.service;
  const known = catalogue.find(({ aggregate }) => aggregate === 'consentLetter')!;
  return {
    ...{ context: 'contacts', aggregate: known.aggregate, events: known.events, commands: ['ask', 'sent'] },
    personal: personal[known.aggregate]!.map(markOf),
    told: [
      { type: 'ConsentLetterAsked', data: { token: 'main.c2VhbGVk' } },
      { type: 'ConsentLetterSent', data: {} },
    ],
  };
};

export const engineAggregates: readonly ToldAggregate[] = [
  consentLetterTold(),
  duplicateTold(),
  duplicateScanTold(),
  suppressionTold(),
  ...identityTold,
  ofEvery(
    auditEntry,
    { type: 'SignedIn', data: { personId, address: '192.0.2.1' } },
    { type: 'SignInFailed', data: { personId, code: 'sign-in-refused', address: '192.0.2.1' } },
    {
      type: 'CallRefused',
      data: { personId, method: METHOD, code: 'permission-missing', address: '192.0.2.1' },
    },
    { type: 'DataTakenAlong', data: { personId, method: METHOD, address: '192.0.2.1' } },
    { type: 'RecordsRead', data: { object: 'contact', recordIds: [personId], method: METHOD } },
  ),
  ofEvery(auditChainCatalogue, {
    type: 'AuditTrailChained',
    data: {
      ...{ number: 1, previous: '0'.repeat(64), upTo: '00000000000000000007', hash: DIGEST },
      links: [{ stream: `apiKey-main-${personId}`, revision: 0, digest: DIGEST }],
      ...{ publicKey: 'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=', signature: 'c2lnbmF0dXJl' },
    },
  }),
  ofEvery(
    retention,
    {
      type: 'RetentionPolicySet',
      data: {
        ...{ object: 'contact', action: 'erase', days: 365, archivedOnly: false },
        nextRunAt: '2026-01-02T00:00:00.000Z',
      },
    },
    {
      type: 'RetentionRunBegun',
      data: {
        policies: [
          {
            ...{ object: 'contact', action: 'erase', days: 365, archivedOnly: false },
            before: '2025-01-02T00:00:00.000Z',
          },
        ],
      },
    },
    { type: 'RetentionProgressed', data: { object: 'contact', counts: { done: 2, held: 1, kept: 0 }, cursor: 'c' } },
    { type: 'RetentionProgressed', data: { object: 'contact', counts: { done: 3, held: 1, kept: 1 } } },
    { type: 'RetentionRunFinished', data: { nextRunAt: '2026-01-03T00:00:00.000Z' } },
    { type: 'RetentionPolicyRemoved', data: { object: 'contact', isLast: true } },
  ),
  ofEvery(
    workspaceExport,
    { type: 'WorkspaceExportBegun', data: { expiresAt: '2026-01-04T00:00:00.000Z' } },
    {
      type: 'WorkspaceExportFinished',
      data: { files: [{ name: 'contacts.ndjson', lines: 2, sha256: DIGEST }], bytes: 1234, sha256: DIGEST },
    },
    { type: 'WorkspaceExportExpired', data: {} },
  ),
  ofEvery(
    deletion,
    { type: 'WorkspaceDeletionRequested', data: { receiptId, dueAt: '2026-01-08T00:00:00.000Z' } },
    { type: 'WorkspaceDeletionCancelled', data: {} },
    { type: 'WorkspaceDeletionBegun', data: { receiptId } },
    {
      type: 'WorkspaceDeletionChecked',
      data: {
        ...{ receiptId, context: 'contacts', because: personId, held: 1, holds: [{ object: 'contact', id: personId }] },
        found: { events: 3, streams: 2, documents: 4 },
        trail: { links: 7, hash: DIGEST },
      },
    },
    {
      type: 'WorkspaceDeletionStopped',
      data: { receiptId, holds: [{ context: 'contacts', object: 'contact', id: personId }] },
    },
    { type: 'WorkspaceDeletionReleased', data: { receiptId } },
    {
      type: 'WorkspaceDeletionPartDone',
      data: {
        ...{ receiptId, keys: 5 },
        part: {
          ...{ context: 'contacts', doneAt: '2026-01-08T00:00:07.000Z', events: 3, streams: 2, documents: 4, files: 1 },
          trail: { links: 7, hash: DIGEST },
        },
      },
    },
    {
      type: 'WorkspaceDeletionReceiptSigned',
      data: {
        receiptId,
        signed: {
          document: '{"receipt":"workspace-deletion"}',
          publicKey: 'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=',
          signature: 'c2lnbmF0dXJl',
        },
      },
    },
  ),
  {
    context: 'imports',
    aggregate: 'import',
    events: importDecider.events,
    commands: Object.keys(importDecider.decide),
    personal: personalImportFields.import,
    told: importHistory,
  },
  { context: 'imports', aggregate: IMPORT_ROWS, events: importRowsEvents, told: importRowsHistory },
  { context: 'timers', aggregate: TIMER, events: timerCatalogue.events, told: timerHistory },
  {
    context: 'commands',
    aggregate: unchangedCatalogue.aggregate,
    events: unchangedCatalogue.events,
    told: unchangedHistory,
  },
];
