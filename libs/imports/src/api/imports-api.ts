import { everythingOf } from '@rapport/access';
import type { importsV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import type { Handlers } from '@rapport/service-kit';
import type { RowRecord } from '../domain/import-rows.events.js';
import type { ImportDocument } from '../engine/import-documents.js';
import type { ImportEngine } from '../engine/import-engine.js';
import { kindOf } from '../engine/rows-phase.js';
import { errorsPart } from './errors-file.js';
import { withinReach } from './import-reach.js';
import { importMessage, rowMessage, settingsOf } from './import-message.js';
import { checkOutcome, cursorOf, rowOf, rowsBehind } from './row-pages.js';

const DEFAULT_LIMIT = 50;

/** rapport.imports.v1.ImportsService, as far as it is about the kinds of one context. */
export const importsApi = (engine: ImportEngine): Handlers<importsV1.ImportsService> => {
  const message = async (document: ImportDocument): Promise<importsV1.Import> =>
    importMessage(document, kindOf(engine.parts.kinds, document.kind), await engine.received(document));
  const begin =
    (phase: 'validate' | 'run' | 'revert') =>
    async ({ kind, id }: importsV1.ImportRequest, call: CallContext) =>
      message(await engine.begin(phase, kind, id, call));
  return withinReach(engine.parts.kinds, {
    createImport: async ({ kind, import: given }, call) => {
      const fileName = given?.fileName ?? '';
      if (fileName === '') throw fileNameMissing();
      return message(await engine.create(kind, fileName, settingsOf(given?.settings), call));
    },
    uploadImportFile: async ({ kind, id, ...piece }, call) => message(await engine.upload(kind, id, piece, call)),
    deleteImportFile: async ({ kind, id }, call) => message(await engine.removeFile(kind, id, call)),
    updateImport: async ({ kind, id, settings }, call) =>
      message(await engine.update(kind, id, settingsOf(settings), call)),
    validateImport: begin('validate'),
    runImport: begin('run'),
    cancelImport: async ({ kind, id }, call) => message(await engine.cancel(kind, id, call)),
    revertImport: begin('revert'),
    getImport: async ({ kind, id }, call) => message(await engine.get(kind, id, call)),
    listImports: (request, call) => listImports(engine, request, call, message),
    listImportRows: (request, call) => listRows(engine, request, call),
    downloadImportErrors: async ({ kind, id, page }, call) =>
      errorsPart(engine.parts, await engine.get(kind, id, call), page, call),
  });
};

const listImports = async (
  engine: ImportEngine,
  { kind, limit = DEFAULT_LIMIT, cursor }: importsV1.ListImportsRequest,
  call: CallContext,
  message: (document: ImportDocument) => Promise<importsV1.Import>,
): Promise<importsV1.ListImportsResponse> => {
  const sort = [{ field: 'createdAt', descending: true }];
  const query = { filter: where('kind', '=', kind), sort, limit, ...(cursor ? { cursor } : {}) };
  const { documents, next } = await engine.parts.imports.documents.query(engine.sightOf(kind, call), query);
  return { data: await Promise.all(documents.map(message)), page: { next: next ?? '', hasMore: next !== undefined } };
};

const listRows = async (
  engine: ImportEngine,
  { kind, id, outcome, limit = DEFAULT_LIMIT, cursor }: importsV1.ListImportRowsRequest,
  call: CallContext,
): Promise<importsV1.ListImportRowsResponse> => {
  checkOutcome(outcome);
  const document = await engine.get(kind, id, call);
  const rows: RowRecord[] = [];
  for await (const row of rowsBehind(
    engine.parts.rows.documents,
    everythingOf(call.principal.tenant),
    document,
    rowOf(cursor),
    outcome,
  )) {
    if (rows.push(row) > limit) break;
  }
  const hasMore = rows.length > limit;
  const data = rows.slice(0, limit);
  const columns = document.state.file?.columns ?? [];
  const shown = data.map((row) => rowMessage(row, columns));
  return { data: shown, page: { next: hasMore ? cursorOf(data.at(-1)!.row) : '', hasMore } };
};

const fileNameMissing = (): DomainError =>
  new DomainError('invalid', 'file-name-missing', 'An import needs the name of its file. Give fileName.', {
    fields: [{ pointer: '/fileName', code: 'required', message: 'fileName is missing.' }],
  });
