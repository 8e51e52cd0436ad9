import { crc32 } from 'node:zlib';
import type { importsV1, workspaceV1 } from '@rapport/contracts';
import { type CallContext, DomainError, instantOf, newId } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';
import { blocksOf, descriptorOf, directoryOf, headerOf, isLarge, type ZipEntry } from './zip-records.js';

export const ARCHIVES = 'rapport.workspace.v1.WorkspaceArchivesService';
const EXPORTS = 'rapport.workspace.v1.WorkspaceExportsService';

/** How far an archive is read: a client's download is asked for part by part, and nothing of it is kept here. */
interface Place {
  /** Which context's archive, and where in that. */
  readonly at: number;
  readonly page: string;
  readonly crc: number;
  readonly size: number;
  readonly packed: number;
  /** So much is written before this file. */
  readonly offset: number;
  readonly entries: readonly ZipEntry[];
}

const BEGIN: Place = { at: 0, page: '', crc: 0, size: 0, packed: 0, offset: 0, entries: [] };

/** rapport.workspace.v1.WorkspaceArchivesService: an export of every context under one id, and one archive of all of theirs. */
export class WorkspaceArchives {
  constructor(private readonly contexts: readonly Context[]) {}

  /** The same key makes the same id in every context. */
  async createWorkspaceArchive(_: object, call: CallContext): Promise<workspaceV1.WorkspaceArchive> {
    const idempotencyKey = call.idempotencyKey ?? newId();
    const exports = await this.#each<workspaceV1.WorkspaceExport>(
      'createWorkspaceExport',
      {},
      { ...call, idempotencyKey },
    );
    return archiveOf(exports);
  }

  async getWorkspaceArchive(
    { id }: workspaceV1.WorkspaceArchiveRequest,
    call: CallContext,
  ): Promise<workspaceV1.WorkspaceArchive> {
    return archiveOf(await this.#each<workspaceV1.WorkspaceExport>('getWorkspaceExport', { id }, call));
  }

  async downloadWorkspaceArchive(
    { id, page }: workspaceV1.DownloadWorkspaceArchiveRequest,
    call: CallContext,
  ): Promise<importsV1.FilePart> {
    const { contexts: exports, expiresAt, state } = await this.getWorkspaceArchive({ id }, call);
    if (state !== 'done') throw notThere(id, state);
    const place = page === undefined || page === '' ? BEGIN : placeIn(page, exports.length);
    const own = exports[place.at]!;
    const part = (await this.#ask(
      own.context,
      'downloadWorkspaceExport',
      { id, page: place.page || undefined },
      call,
    )) as importsV1.FilePart;
    const { data, next } = written(place, own, part, { of: exports.length, at: instantOf(expiresAt) });
    return {
      contentType: 'application/zip',
      fileName: `workspace-${id}.zip`,
      data,
      nextPage: next ? tokenOf(next) : '',
    };
  }

  #each<Answer>(method: string, request: object, call: CallContext): Promise<Answer[]> {
    const serving = this.contexts.filter(({ backend }) => backend.services.has(EXPORTS));
    return Promise.all(serving.map(({ name }) => this.#ask(name, method, request, call) as Promise<Answer>));
  }

  #ask(context: string, method: string, request: object, call: CallContext): Promise<object> {
    const { backend } = this.contexts.find(({ name }) => name === context)!;
    const { principal, correlationId, idempotencyKey, signal } = call;
    const own: CallContext = {
      ...{ principal, correlationId, answer: {} },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(signal ? { signal } : {}),
    };
    return backend.invoke(EXPORTS, method, { context, ...request }, own);
  }
}

const archiveOf = (exports: readonly workspaceV1.WorkspaceExport[]): workspaceV1.WorkspaceArchive => {
  const states = exports.map(({ state }) => state);
  const state = states.includes('expired') ? 'expired' : states.includes('running') ? 'running' : 'done';
  const expiresAt = exports.map((each) => each.expiresAt).sort()[0]!;
  return { id: exports[0]!.id, state, expiresAt, contexts: [...exports] };
};

/** A piece of a context's archive as it stands in the whole, and where that goes on. */
const written = (
  place: Place,
  { context, bytes = 0 }: workspaceV1.WorkspaceExport,
  { data, nextPage }: importsV1.FilePart,
  { of, at }: { readonly of: number; readonly at: Date },
): { readonly data: Buffer; readonly next: Place | undefined } => {
  const named = { name: `${context}.zip`, isLarge: isLarge(bytes) };
  const header = place.page === '' ? headerOf(named, at) : Buffer.alloc(0);
  const blocks = blocksOf(data, nextPage === '');
  const [size, packed] = [place.size + data.length, place.packed + blocks.length];
  const crc = crc32(data, place.crc);
  if (nextPage !== '')
    return { data: Buffer.concat([header, blocks]), next: { ...place, page: nextPage, crc, size, packed } };
  const entry: ZipEntry = { ...named, crc, size, packed, offset: place.offset };
  const descriptor = descriptorOf(entry);
  const entries = [...place.entries, entry];
  const offset = place.offset + headerOf(named, at).length + packed + descriptor.length;
  const isLast = place.at + 1 === of;
  const end = isLast ? directoryOf(entries, offset, at) : Buffer.alloc(0);
  const next = isLast ? undefined : { ...BEGIN, at: place.at + 1, offset, entries };
  return { data: Buffer.concat([header, blocks, descriptor, end]), next };
};

const tokenOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

const placeIn = (page: string, count: number): Place => {
  try {
    const place = JSON.parse(Buffer.from(page, 'base64url').toString()) as Place;
    const isOne =
      [place.at, place.crc, place.size, place.packed, place.offset].every(
        (value) => Number.isSafeInteger(value) && value >= 0,
      ) &&
      typeof place.page === 'string' &&
      place.at < count &&
      place.entries.length === place.at;
    if (isOne) return place;
  } catch {
    // Nor is that one.
  }
  throw new DomainError('invalid', 'bad-page', 'This is no page of the archive. Begin without one.');
};

const notThere = (id: string, state: string): DomainError =>
  state === 'running'
    ? new DomainError('conflict', 'export-running', `Export ${id} is still being written. Ask again in a moment.`)
    : new DomainError(
        'gone',
        'export-expired',
        `Export ${id} is gone: three days are over, or somebody in it was erased. Begin another one: POST /v1/workspace/exports.`,
      );
