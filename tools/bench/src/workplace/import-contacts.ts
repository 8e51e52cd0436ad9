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
  /** False when it was canceled because it took too long; the counts then tell how far it came. */
  readonly complete: boolean;
  /** Rows per second between the start, each quarter of the rows, and the end of the run. */
  readonly rates: readonly number[];
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
const CANCEL_AFTER_MILLISECONDS = 100_000;
const REST_MILLISECONDS = 2_000;

/** Brings a file of made-up people, from number `from` on, in through the public API: upload, validate, run. */
export const importContacts = async (api: Api, pid: number, contacts: number, from = 0): Promise<ImportMeasured> => {
  const { text, rows, repeated } = csvOfContacts(contacts, from);
  const before = memoryOf(pid);
  const order = { fileName: 'contacts.csv', settings: { matchBy: 'email', mode: 'upsert' } };
  const { body } = await api.call<ImportView>('POST', PATH, { body: order });
  const path = `${PATH}/${body.id}`;
  const upload = await timed(() => api.call('PUT', `${path}/file`, { body: text }));
  const validate = await timed(() => phase(api, path, 'validate', 'validated'));
  const watched = new Watch(pid, rows);
  forgetPeak(pid);
  const run = await timed(() => phase(api, path, 'run', 'done', (done) => watched.see(done)));
  const secondHalf = memoryOf(pid);
  const listed = await timed(() => caughtUp(api));
  const { state, counts: texts } = await api.get<ImportView>(path);
  const counts = numbers(texts);
  const complete = state === 'done';
  if (complete) checkCounts(counts, rows, contacts);
  await pause(REST_MILLISECONDS);
  const memory = { before, firstHalf: watched.firstHalf, secondHalf, after: memoryOf(pid) };
  return { rows, repeated, counts, complete, rates: watched.rates, upload, validate, run, listed, memory };
};

/** Looks at a run while it goes on. */
class Watch {
  readonly rates: number[] = [];
  firstHalf: MemoryUsage | undefined;
  private rowsBefore = 0;
  private timeBefore = performance.now();

  constructor(
    private readonly pid: number,
    private readonly rows: number,
  ) {}

  see(done: number): void {
    if (done >= (this.rows * (this.rates.length + 1)) / 4) {
      const now = performance.now();
      this.rates.push(((done - this.rowsBefore) * 1_000) / (now - this.timeBefore));
      [this.rowsBefore, this.timeBefore] = [done, now];
    }
    if (this.firstHalf !== undefined || done < this.rows / 2) return;
    this.firstHalf = memoryOf(this.pid);
    forgetPeak(this.pid);
  }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** Ends with the phase, or once it was canceled because it took too long. @throws Error when the import failed */
const phase = async (
  api: Api,
  path: string,
  begin: 'validate' | 'run',
  until: string,
  seen?: (done: number) => void,
): Promise<void> => {
  const deadline = performance.now() + CANCEL_AFTER_MILLISECONDS;
  let canceling = false;
  await api.call('POST', `${path}:${begin}`);
  for (;;) {
    const { state, counts, problem } = await api.get<ImportView>(path);
    if (state === 'failed') throw new Error(`The import failed: ${JSON.stringify({ counts, problem })}`);
    if (state === 'running' || state === until) seen?.(Number(counts?.['processed'] ?? 0));
    if (state === until || state === 'canceled') return;
    if (!canceling && performance.now() > deadline) {
      canceling = true;
      await api.call('POST', `${path}:cancel`);
    }
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
