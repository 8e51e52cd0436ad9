import { everythingOf, madeScopeOf } from '@rapport/access';
import { type CallContext, DomainError, idFrom, newId, type Position } from '@rapport/kernel';
import { type Scope, visible } from '@rapport/read-models';
import { importDecider } from '../domain/import.js';
import { MAKER_DEACTIVATED } from '../domain/import.decide.js';
import type { FileFacts, ImportSettings } from '../domain/import-settings.js';
import { checkSettings } from '../mapping/check-settings.js';
import { lockedIn } from '../mapping/locked-fields.js';
import { type ImportDocument, importDocument, importsProjection } from './import-documents.js';
import { aggregateOf } from './import-kind.js';
import { callOf } from './commands.js';
import { inspectFile } from './inspect-file.js';
import { ImportLog } from './import-log.js';
import type { ImportParts } from './import-parts.js';
import { ImportRunner } from './import-runner.js';
import { kindFor, kindOf } from './rows-phase.js';
import { Uploads } from './uploads.js';

const REACH_MILLISECONDS = 60_000;

/** A piece of an uploaded file. */
export interface FilePiece {
  readonly offset: number;
  readonly data: Uint8Array;
  readonly last: boolean;
  /** Instead of a piece: what has arrived is thrown away. */
  readonly discard?: boolean | undefined;
}

/**
 * Imports of a service's kinds. Each method answers with the import as it is then; validating, running and reverting go
 * on in the background and survive a restart ({@link resume}).
 */
export class ImportEngine {
  readonly log: ImportLog;
  readonly runner: ImportRunner;
  private readonly uploads: Uploads;

  constructor(readonly parts: ImportParts) {
    this.log = new ImportLog(parts.events, parts.run);
    this.runner = new ImportRunner(parts, this.log);
    this.uploads = new Uploads(parts, this.log);
  }

  async create(kind: string, fileName: string, settings: ImportSettings, call: CallContext): Promise<ImportDocument> {
    await this.checkSettings(kind, settings, call);
    const { tenant, actor } = call.principal;
    const key = call.idempotencyKey;
    const id = key === undefined ? (call.requestId ?? newId()) : idFrom(tenant, actor.id, 'import', kind, key);
    await this.log.execute(id, 'create', { kind, fileName, settings }, call);
    return this.get(kind, id, call);
  }

  /** What a caller sees of imports of a kind: the own ones, or all. @throws DomainError `unknown-kind` */
  sightOf(kind: string, { principal }: CallContext): Scope {
    return madeScopeOf(principal, importDecider.aggregate, aggregateOf(kindOf(this.parts.kinds, kind)));
  }

  /** The import from its own stream: never behind. @throws DomainError `import-not-found` */
  async get(kind: string, id: string, call: CallContext): Promise<ImportDocument> {
    const scope = this.sightOf(kind, call);
    const { state, events } = await this.log.load(scope.tenant, id);
    const document =
      state.kind === kind ? visible(scope, importsProjection.declaration, importDocument(events)) : undefined;
    if (!document)
      throw new DomainError(
        'not-found',
        'import-not-found',
        `There is no import ${id} of ${kind}. Check the id, or list them.`,
      );
    call.answer.revision = events.length - 1;
    return document;
  }

  /** Bytes received so far. */
  received({ tenant, id, state }: ImportDocument): Promise<number> {
    return state.file ? Promise.resolve(state.file.bytes) : this.parts.files.size({ tenant, id });
  }

  /** A file that cannot be read at all is removed again, so that another can be uploaded. */
  async upload(kind: string, id: string, piece: FilePiece, call: CallContext): Promise<ImportDocument> {
    const { state, tenant } = await this.get(kind, id, call);
    const key = { tenant, id };
    const end = piece.offset + piece.data.length;
    // The piece may be there already, and its answer lost.
    if (call.repeated && piece.last && state.file?.bytes === end) return this.get(kind, id, call);
    if (state.status !== 'created') throw fileComplete();
    if (piece.discard) {
      await this.parts.files.remove(key);
      return this.get(kind, id, call);
    }
    await this.uploads.admit(tenant, piece);
    const isThere = call.repeated && (await this.parts.files.size(key)) === end;
    const bytes = isThere ? end : await this.parts.files.append(key, piece.offset, piece.data);
    if (piece.last) {
      const facts = await inspectFile(this.parts, key, { state, call }, state.settings).catch(
        async (error: unknown) => {
          await this.parts.files.remove(key);
          throw error;
        },
      );
      await this.log.execute(id, 'receiveFile', { ...facts, bytes }, call);
    }
    return this.get(kind, id, call);
  }

  /** See {@link Uploads.remove}. */
  async removeFile(kind: string, id: string, call: CallContext): Promise<ImportDocument> {
    await this.uploads.remove(await this.get(kind, id, call));
    return this.get(kind, id, call);
  }

  /** New settings take the place of those with the same name; the others stay. */
  async update(kind: string, id: string, changes: ImportSettings, call: CallContext): Promise<ImportDocument> {
    const { state, tenant } = await this.get(kind, id, call);
    const settings = { ...state.settings, ...changes };
    await this.checkSettings(kind, settings, call);
    const reread =
      state.file && (settings.encoding !== state.settings.encoding || settings.separator !== state.settings.separator);
    const file = reread ? await inspectFile(this.parts, { tenant, id }, { state, call }, settings) : state.file;
    await this.checkSettings(kind, settings, call, file);
    await this.log.execute(id, 'changeSettings', { settings, ...(reread && file ? { file } : {}) }, call);
    return this.get(kind, id, call);
  }

  async begin(
    phase: 'validate' | 'run' | 'revert',
    kind: string,
    id: string,
    call: CallContext,
  ): Promise<ImportDocument> {
    const { state, tenant } = await this.get(kind, id, call);
    const { actor, policy } = call.principal;
    if (phase !== 'revert') await this.checkSettings(kind, state.settings, call, state.file);
    const started = { ...(phase !== 'validate' && { by: actor.onBehalfOf ?? actor.id }), ...(policy && { policy }) };
    await this.log.execute(id, phase, started, call);
    this.runner.start({ tenant, id }, kind);
    return this.get(kind, id, call);
  }

  private async checkSettings(
    name: string,
    settings: ImportSettings,
    { principal }: CallContext,
    file?: FileFacts,
  ): Promise<void> {
    const kind = await kindFor(this.parts.kinds, name, principal.tenant);
    checkSettings(kind, settings, file, lockedIn(kind, principal));
  }

  /** Stops after the rows in hand; what is in stays in. */
  async cancel(kind: string, id: string, call: CallContext): Promise<ImportDocument> {
    const { tenant, state } = await this.get(kind, id, call);
    if (state.status !== 'reverting') await this.runner.stop({ tenant, id });
    await this.log.execute(id, 'cancel', {}, call);
    return this.get(kind, id, call);
  }

  /** Ends the phase that is on, because whoever it is for may do nothing any more: what is in stays in, rows in hand included. */
  async stop({ tenant, id, state: { by } }: ImportDocument): Promise<void> {
    await this.runner.stop({ tenant, id });
    try {
      await this.log.execute(id, 'fail', { problem: MAKER_GONE }, callOf(tenant, id, by));
    } catch (failure) {
      // It has come to its end meanwhile.
      if (!(failure instanceof DomainError) || failure.code !== 'import-not-active') throw failure;
    }
  }

  /**
   * Forgets an import's file for good, for example because a person in it is erased: its failed rows can no longer be
   * downloaded, and an import that is still on fails. Its outcome and its revert do not need the file.
   */
  forgetFile(tenant: string, id: string): Promise<void> {
    return this.uploads.forget({ tenant, id });
  }

  /** Imports whose file has a row about a record that it did not change, as far as rows were tried up to a position. */
  async importsNaming(tenant: string, recordId: string, upTo: Position): Promise<readonly string[]> {
    const { mentions } = this.parts;
    await mentions.reach(upTo, REACH_MILLISECONDS);
    return (await mentions.documents.get(everythingOf(tenant), recordId))?.imports ?? [];
  }

  /** To be called once the service has started. */
  resume(): Promise<void> {
    return this.runner.resume();
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}

const MAKER_GONE = {
  code: MAKER_DEACTIVATED,
  message:
    'The import was stopped, because whoever it was for was deactivated. What is in stays in: run it to go on, or revert it.',
};

const fileComplete = (): DomainError =>
  new DomainError('conflict', 'file-complete', 'The file is complete already. Create a new import for another file.');
