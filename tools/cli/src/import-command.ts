import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { ApiClient } from './api-client.js';
import { columnMap, type Flags, settingsOf, UsageError } from './arguments.js';
import { countOf, ImportApi, type ImportView } from './import-api.js';
import { columnLines, outcomeLine, problemLines, progressLine, warningLines } from './import-report.js';
import { pipelineId } from './pipeline-id.js';
import type { Terminal } from './terminal.js';

export const DONE = 0;
export const ROWS_FAILED = 1;
export const FAILED = 2;

const ACTIVE = new Set(['validating', 'running', 'reverting']);
const SHOWN_PROBLEMS = 10;

export interface Session {
  readonly client: ApiClient;
  readonly terminal: Terminal;
  readonly flags: Flags;
}

/** Upload, map, validate, run. Answers with the exit code. */
export const importFile = async (session: Session, kind: string, file: string): Promise<number> => {
  const { client, terminal, flags } = session;
  const api = new ImportApi(client);
  const settings = settingsOf(flags);
  const map = columnMap(flags);
  await checkFile(file);
  if (flags.pipeline !== undefined) settings['pipelineId'] = await pipelineId(client, flags.pipeline);
  const { id } = await api.create(kind, basename(file), settings);
  terminal.print(`Import ${id} of ${kind}: ${basename(file)}`);
  const uploaded = await mapped(api, await api.upload(kind, id, file), map);
  for (const line of [...columnLines(uploaded), ...warningLines(uploaded)]) terminal.print(line);
  const tried = await finished(api, terminal, await api.begin('validate', kind, id));
  if (tried.state !== 'validated') return unfinished(terminal, tried);
  terminal.print(`Trial: ${outcomeLine(tried)}`);
  await showRows(api, terminal, tried);
  if (flags['dry-run']) return countOf(tried, 'failed') > 0 ? ROWS_FAILED : DONE;
  if (!(await mayRun(session, tried))) return ROWS_FAILED;
  const done = await finished(api, terminal, await api.begin('run', kind, id));
  if (done.state !== 'done') return unfinished(terminal, done);
  terminal.print(`Done: ${outcomeLine(done)}`);
  terminal.print(`To take it back: rapport import revert ${kind} ${id}`);
  return countOf(done, 'failed') > 0 ? saveErrors(session, api, done, file) : DONE;
};

/** The first rows that would fail, and the first that should be looked at. */
const showRows = async (api: ImportApi, terminal: Terminal, tried: ImportView): Promise<void> => {
  for (const outcome of ['failed', 'warned'] as const) {
    const count = countOf(tried, outcome);
    if (count === 0) continue;
    const rows = await api.rows(outcome, tried.kind, tried.id, SHOWN_PROBLEMS);
    for (const line of problemLines(rows, count)) terminal.print(line);
  }
};

const checkFile = async (file: string): Promise<void> => {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`There is no file ${file}. Check the path.`);
};

/** The suggested columns with the user's own in their place. */
const mapped = async (api: ImportApi, view: ImportView, map: ReadonlyMap<string, string>): Promise<ImportView> => {
  if (map.size === 0) return view;
  const taken = new Set(map.values());
  const columns: Record<string, string> = {};
  for (const { name, field } of view.columns ?? [])
    if (field && !map.has(name) && !taken.has(field)) columns[name] = field;
  for (const [column, field] of map) if (field !== '') columns[column] = field;
  return api.configure(view.kind, view.id, { columns });
};

const mayRun = async ({ terminal, flags }: Session, tried: ImportView): Promise<boolean> => {
  const failed = countOf(tried, 'failed');
  if (flags.yes || failed === 0) return true;
  const answer = await terminal.confirm(
    `${failed} of ${countOf(tried, 'rows')} rows will be left out. Import the others?`,
  );
  if (answer === undefined)
    terminal.print('Nothing was imported. Mend the rows, or repeat with --yes to import the others.');
  return answer ?? false;
};

/** Waits for the end of the phase that is on. */
export const finished = async (api: ImportApi, terminal: Terminal, begun: ImportView): Promise<ImportView> => {
  let view = begun;
  while (ACTIVE.has(view.state)) {
    terminal.progress(progressLine(view));
    await terminal.wait();
    view = await api.get(begun.kind, begun.id);
  }
  return view;
};

const unfinished = (terminal: Terminal, view: ImportView): number => {
  terminal.print(`The import is ${view.state}${view.problem?.detail ? `: ${view.problem.detail}` : '.'}`);
  return FAILED;
};

const saveErrors = async (
  { terminal, flags }: Session,
  api: ImportApi,
  { kind, id }: ImportView,
  file: string,
): Promise<number> => {
  const target = flags.errors ?? `${basename(file).replace(/\.[^.]*$/, '')}.errors.csv`;
  const { body } = await api.errors(kind, id);
  await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(target));
  terminal.print(
    `The failed rows are in ${target}, with what is wrong in the last column. Mend them and import that file.`,
  );
  return ROWS_FAILED;
};
