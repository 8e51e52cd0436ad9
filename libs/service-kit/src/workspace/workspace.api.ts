import type { importsV1, workspaceV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { commandIdOf, recordIdOf } from '../commands/command-identity.js';
import type { Handlers } from '../handlers.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import type { WorkspaceExportState } from './workspace-export.js';
import { WorkspaceExports } from './workspace-exports.js';

/** Long enough to fetch it, and to ask for another one. */
const KEPT_MILLISECONDS = 3 * 24 * 3_600_000;

/** Of an answer. */
const PART_BYTES = 1024 * 1024;

/** rapport.workspace.v1.WorkspaceExportsService, as far as it is about this context. */
export class WorkspaceApi implements Handlers<workspaceV1.WorkspaceExportsService> {
  private made: WorkspaceExports | undefined;

  constructor(private readonly runtime: ServiceRuntime) {}

  async createWorkspaceExport(
    _: workspaceV1.CreateWorkspaceExportRequest,
    call: CallContext,
  ): Promise<workspaceV1.WorkspaceExport> {
    const { clock } = this.runtime.engines;
    const id = recordIdOf(call, 'CreateWorkspaceExport');
    const expiresAt = new Date(clock.now().getTime() + KEPT_MILLISECONDS).toISOString();
    await this.exports.step(id, 'begin', { expiresAt }, call, commandIdOf(call, 'CreateWorkspaceExport'));
    return this.told(id, await this.exports.state(call.principal.tenant, id));
  }

  async getWorkspaceExport(
    { id }: workspaceV1.WorkspaceExportRequest,
    { principal }: CallContext,
  ): Promise<workspaceV1.WorkspaceExport> {
    return this.told(id, await this.exports.state(principal.tenant, id));
  }

  async downloadWorkspaceExport(
    { id, page }: workspaceV1.DownloadWorkspaceExportRequest,
    { principal }: CallContext,
  ): Promise<importsV1.FilePart> {
    const { context } = this.runtime.definition;
    const told = this.told(id, await this.exports.state(principal.tenant, id));
    if (told.state !== 'done') throw NOT_THERE[told.state as keyof typeof NOT_THERE](id, context);
    const from = page === undefined ? 0 : Number(page);
    if (!Number.isSafeInteger(from) || from < 0 || from > told.bytes!)
      throw new DomainError('invalid', 'bad-page', `"${page}" is no page of the archive. Begin without one.`);
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of this.runtime.engines.files.read({ tenant: principal.tenant, id }, from)) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= PART_BYTES) break;
    }
    const next = from + bytes;
    const nextPage = bytes > 0 && next < told.bytes! ? String(next) : '';
    const fileName = `workspace-${context}-${id}.zip`;
    return { contentType: 'application/zip', fileName, data: Buffer.concat(pieces), nextPage };
  }

  private told(id: string, state: WorkspaceExportState): workspaceV1.WorkspaceExport {
    const { context } = this.runtime.definition;
    if (!state)
      throw new DomainError(
        'not-found',
        'export-not-found',
        `There is no export ${id} of ${context}. Begin one: POST /v1/workspace/${context}/exports.`,
      );
    const { expiresAt, expired, finished } = state;
    const isOver = expired || expiresAt <= this.runtime.engines.clock.now().toISOString();
    const about = { id, context, expiresAt };
    if (isOver) return { ...about, state: 'expired', files: [], bytes: undefined, sha256: undefined };
    if (!finished) return { ...about, state: 'running', files: [], bytes: undefined, sha256: undefined };
    const { bytes, sha256, files } = finished;
    return { ...about, state: 'done', files: [...files], bytes, sha256 };
  }

  private get exports(): WorkspaceExports {
    return (this.made ??= new WorkspaceExports(this.runtime.provided));
  }
}

const NOT_THERE = {
  running: (id: string): DomainError =>
    new DomainError('conflict', 'export-running', `Export ${id} is still being written. Ask again in a moment.`),
  expired: (id: string, context: string): DomainError =>
    new DomainError(
      'gone',
      'export-expired',
      `Export ${id} is gone: three days are over, or somebody in it was erased. Begin another one: POST /v1/workspace/${context}/exports.`,
    ),
};
