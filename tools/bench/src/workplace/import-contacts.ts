import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.js';
import { csvOfContacts } from './contacts.js';
import { forgetPeak, memoryOf, type MemoryUsage } from './process-usage.js';

interface ImportView {
  readonly id: string;
  readonly state: string;
  readonly counts?: Readonly<Record<string, number | string>>;
  readonly problem?: object;
}

export interface ImportMeasured {
  readonly rows: number;
  readonly repeated: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Milliseconds of each step. */
  readonly upload: number;
  readonly validate: number;
  readonly run: number;
  /** From the end of the run until every list shows all of it. */
  readonly listed: number;
  /** Before it, at the most in each half of the rows that are run, and at rest after it. */
  readonly memory: Readonly<Record<'before' | 'firstHalf' | 'secondHalf' | 'after', MemoryUsage | undefined>>;
}

const PATH = '/v1/imports/contacts';
const POLL_MILLISECONDS = 50;
const GIVE_UP_AFTER_MILLISECONDS = 150_000;
const REST_MILLISECONDS = 2_000;

/** Brings a file of made-up people in through the public API: upload, validate, run. */
export const importContacts = async (api: Api, pid: number, contacts: number): Promise<ImportMeasured> => {
  const { text, rows, repeated } = csvOfContacts(contacts);
  const before = memoryOf(pid);
  const order = { fileName: 'contacts.csv', settings: { matchBy: 'email', mode: 'upsert' } };
  const { body } = await api.call<ImportView>('POST', PATH, { body: order });
  const path = `${PATH}/${body.id}`;
  const upload = await timed(() => api.call('PUT', `${path}/file`, { body: text }));
  const validate = await timed(() => phase(api, path, 'validate', 'validated'));
  let firstHalf: MemoryUsage | undefined;
  const halfway = (done: number): void => {
    if (firstHalf !== undefined || done < rows / 2) return;
    firstHalf = memoryOf(pid);
    forgetPeak(pid);
  };
  forgetPeak(pid);
  const run = await timed(() => phase(api, path, 'run', 'done', halfway));
  const secondHalf = memoryOf(pid);
  const listed = await timed(() => caughtUp(api));
  const counts = numbers((await api.get<ImportView>(path)).counts);
  checkCounts(counts, rows, contacts);
  await pause(REST_MILLISECONDS);
  return {
    rows,
    repeated,
    counts,
    upload,
    validate,
    run,
    listed,
    memory: { before, firstHalf, secondHalf, after: memoryOf(pid) },
  };
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const phase = async (
  api: Api,
  path: string,
  begin: string,
  until: string,
  seen?: (done: number) => void,
): Promise<void> => {
  const deadline = performance.now() + GIVE_UP_AFTER_MILLISECONDS;
  await api.call('POST', `${path}:${begin}`);
  for (;;) {
    const { state, counts, problem } = await api.get<ImportView>(path);
    if (state === until) return;
    if (state === 'failed' || performance.now() > deadline) {
      throw new Error(`The import is ${state} and not ${until}. ${JSON.stringify({ counts, problem })}`);
    }
    if (state === 'running') seen?.(Number(counts?.['processed'] ?? 0));
    await pause(POLL_MILLISECONDS);
  }
};

/** Waits until a list shows every write before now: a new contact's own token says when. */
const caughtUp = async (api: Api): Promise<void> => {
  const { headers } = await api.call('POST', '/v1/contacts', { body: { lastName: 'Last of all' } });
  const consistency = { 'rapport-consistency': headers.get('rapport-consistency')! };
  const read = () => api.call('GET', '/v1/contacts?limit=1', { headers: consistency, accepts: [503] });
  while ((await read()).status === 503);
};

const checkCounts = (counts: Readonly<Record<string, number>>, rows: number, contacts: number): void => {
  if (counts['processed'] === rows && counts['created'] === contacts && !counts['failed']) return;
  throw new Error(`The import of ${rows} rows about ${contacts} people came to ${JSON.stringify(counts)}.`);
};

const numbers = (counts: ImportView['counts'] = {}): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)]));
