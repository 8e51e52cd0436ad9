import { InMemoryEventStore, type EventStore } from '@rapport/event-store';
import { InMemoryFileStore, SealedFileStore } from '@rapport/files';
import type { CallContext, Clock } from '@rapport/kernel';
import { InMemoryKeyStore } from '@rapport/privacy';
import type { Ownership } from '@rapport/processing';
import type { importsV1 } from '@rapport/contracts';
import { importsApi } from '../api/imports-api.js';
import type { ImportSettings } from '../domain/import-settings.js';
import { importRowsProjection, importsProjection } from '../engine/import-documents.js';
import { importMentionsProjection } from '../engine/import-mentions.js';
import { ImportEngine } from '../engine/import-engine.js';
import type { RunSteps } from '../engine/commands.js';
import { companies } from './companies.js';
import { FollowedDocuments } from './followed-documents.js';
import { runStepsOn } from './run-steps.js';

export const TENANT = 'acme';

export const callOfAda = (tenant = TENANT): CallContext => ({
  principal: { tenant, actor: { kind: 'user', id: 'ada' }, roles: ['administrator'] },
  correlationId: 'request',
  answer: {},
});

/** What outlives a process. */
export const newDisk = () => ({
  events: new InMemoryEventStore() as EventStore,
  files: new InMemoryFileStore(),
  keys: new InMemoryKeyStore(),
});
export type Disk = ReturnType<typeof newDisk>;

export interface WorkbenchOptions {
  /** What the process writes to; the disk's own unless it is to die. */
  readonly events?: EventStore;
  readonly rowsPerCheckpoint?: number;
  readonly ownership?: Ownership;
  readonly uploadQuota?: number;
  readonly clock?: Clock;
}

export interface Workbench {
  readonly engine: ImportEngine;
  readonly api: ReturnType<typeof importsApi>;
  readonly troubles: readonly unknown[];
  readonly run: RunSteps;
  close(): Promise<void>;
}

/** A service that imports companies, in memory. */
export const openWorkbench = async (
  disk: Disk,
  { events = disk.events, rowsPerCheckpoint = 500, ...options }: WorkbenchOptions = {},
): Promise<Workbench> => {
  const imports = await FollowedDocuments.open(disk.events, importsProjection);
  const rows = await FollowedDocuments.open(disk.events, importRowsProjection);
  const mentions = await FollowedDocuments.open(disk.events, importMentionsProjection);
  const troubles: unknown[] = [];
  const run = runStepsOn(events);
  const files = new SealedFileStore(disk.files, disk.keys);
  const kinds = [companies(events, run)];
  const trouble = (_: string, failure: unknown) => void troubles.push(failure);
  // Always the same, so that a resumed and an undisturbed import make the same ids.
  const secret = () => Promise.resolve(Buffer.alloc(32, 7));
  const engine = new ImportEngine({
    kinds,
    files,
    events,
    run,
    imports,
    rows,
    mentions,
    rowsPerCheckpoint,
    secret,
    trouble,
    ...options,
  });
  return { engine, api: importsApi(engine), troubles, run, close: () => engine.close() };
};

const KIND = 'companies';
type Phase = 'validate' | 'run' | 'revert';

export interface User {
  upload(content: string | Uint8Array, settings?: ImportSettings): Promise<string>;
  go(phase: Phase, id: string): Promise<importsV1.Import>;
  get(id: string): Promise<importsV1.Import>;
  import(content: string | Uint8Array, settings?: ImportSettings): Promise<importsV1.Import>;
  rows(id: string, outcome?: string): Promise<importsV1.ImportRow[]>;
  errors(id: string): Promise<string>;
}

/** What a user does with the API. */
export const userOf = ({ api, engine }: Workbench, tenant = TENANT): User => {
  const call = () => callOfAda(tenant);
  const user: User = {
    async upload(content: string | Uint8Array, settings: ImportSettings = {}): Promise<string> {
      const message = {
        fileName: 'companies.csv',
        settings: { columns: {}, values: [], required: [], scales: {}, ...settings },
      };
      const { id } = await api.createImport({ kind: KIND, import: message as never }, call());
      const data = Buffer.from(content as string);
      await api.uploadImportFile({ kind: KIND, id, offset: 0, data, last: true }, call());
      return id;
    },
    async go(phase: Phase, id: string) {
      const begin = { validate: api.validateImport, run: api.runImport, revert: api.revertImport }[phase];
      await begin({ kind: KIND, id }, call());
      await engine.runner.settled({ tenant, id });
      return user.get(id);
    },
    get: (id: string) => api.getImport({ kind: KIND, id }, call()),
    async import(content: string | Uint8Array, settings?: ImportSettings) {
      return user.go('run', await user.upload(content, settings));
    },
    async rows(id: string, outcome?: string) {
      const { data } = await api.listImportRows({ kind: KIND, id, limit: 200, outcome }, call());
      return data;
    },
    async errors(id: string): Promise<string> {
      const { data } = await api.downloadImportErrors({ kind: KIND, id }, call());
      return Buffer.from(data).toString();
    },
  };
  return user;
};
