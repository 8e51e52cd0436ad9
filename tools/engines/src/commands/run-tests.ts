import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSession, type Session } from '../reach/session.js';
import { everyWay, waysGiven } from '../reach/ways.js';
import type { JestReport } from '../report/suites.js';
import { suitesAndEngines, summary } from '../report/summary.js';
import { runChild } from './child.js';
import { introduce } from './introduce.js';
import { starting } from './starting.js';

const JEST = fileURLToPath(new URL('../../../setup/jest.mjs', import.meta.url));
const SUITES = ['tests/engines/', 'tests/conformance/event-store.eventstoredb'];

/** The suites that need engines, against whatever can be reached. Resolves to Jest's exit code. */
export const testEngines = async (args: readonly string[]): Promise<number> => {
  console.error('Starting engines (the first time they are downloaded) …');
  const session = await starting(openSession({ ways: everyWay() }));
  introduce(session.outcomes);
  const named = args[0] !== undefined && !args[0].startsWith('-');
  // One after the other: some suites stop the engine that the others work with.
  return testing(session, ['--maxWorkers=1', ...(named ? [] : SUITES), ...args], (report) =>
    summary(report, session.outcomes),
  );
};

/** Every test; the suites that need engines as far as addresses are given or Docker answers. */
export const testGiven = async (args: readonly string[]): Promise<number> => {
  const session = await starting(openSession({ ways: waysGiven(), control: false }));
  const any = session.outcomes.some(({ engine, failures }) => engine !== undefined || failures.length > 0);
  if (!any) return runChild(process.execPath, [JEST, ...args], {});
  return testing(session, args, (report) => suitesAndEngines(report, session.outcomes).join('\n'));
};

const testing = async (
  session: Session,
  args: readonly string[],
  closing: (report: JestReport) => string,
): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-test-report-'));
  const file = join(folder, 'report.json');
  try {
    const options = ['--json', `--outputFile=${file}`, ...args];
    const code = await runChild(process.execPath, [JEST, ...options], session.environment);
    console.log(`\n${closing(reportIn(file))}`);
    return code;
  } finally {
    rmSync(folder, { recursive: true });
    await session.close();
  }
};

/** None is left behind when Jest itself breaks off. */
const reportIn = (file: string): JestReport => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return { testResults: [] };
  }
};
