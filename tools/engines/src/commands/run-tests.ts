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

/** What leaves the engines alone, with names of its own in them: journeys on processes. */
const JOURNEY = String.raw`(?<=-journey[^/\\]*)\.int\.spec\.ts$`;
const NO_JOURNEY = String.raw`(?<!-journey[^/\\]*)\.int\.spec\.ts$`;

/** The suites that need engines, against whatever can be reached. Resolves to Jest's exit code. */
export const testEngines = async (args: readonly string[]): Promise<number> => {
  console.error('Starting engines (the first time they are downloaded) …');
  const session = await starting(openSession({ ways: everyWay() }));
  introduce(session.outcomes);
  const named = args[0] !== undefined && !args[0].startsWith('-');
  const wanted = [...(named ? [] : SUITES), ...args];
  const runs = [
    // Two side by side: processes wait for engines about as long as they work.
    [...passingOver(NO_JOURNEY), '--maxWorkers=2', ...wanted],
    // One after the other: some suites stop the engine that the others work with.
    [...passingOver(JOURNEY), '--maxWorkers=1', ...wanted],
  ];
  return testing(session, runs, (report) => summary(report, session.outcomes));
};

/** Jest takes what follows for more patterns, up to the next option. */
const passingOver = (pattern: string): string[] => [
  '--passWithNoTests',
  ...['/node_modules/', '/dist/', pattern].map((each) => `--testPathIgnorePatterns=${each}`),
];

/** Every test; the suites that need engines as far as addresses are given or Docker answers. */
export const testGiven = async (args: readonly string[]): Promise<number> => {
  const session = await starting(openSession({ ways: waysGiven(), control: false }));
  const any = session.outcomes.some(({ engine, failures }) => engine !== undefined || failures.length > 0);
  if (!any) return runChild(process.execPath, [JEST, ...args], {});
  return testing(session, [args], (report) => suitesAndEngines(report, session.outcomes).join('\n'));
};

/** Runs Jest once for each list of arguments. Fails when one of the runs does, or none found a test. */
const testing = async (
  session: Session,
  runs: readonly (readonly string[])[],
  closing: (report: JestReport) => string,
): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-test-report-'));
  const results: JestReport['testResults'][number][] = [];
  const codes: number[] = [];
  try {
    for (const [index, args] of runs.entries()) {
      const file = join(folder, `report-${index}.json`);
      codes.push(
        await runChild(process.execPath, [JEST, '--json', `--outputFile=${file}`, ...args], session.environment),
      );
      results.push(...reportIn(file).testResults);
    }
    console.log(`\n${closing({ testResults: results })}`);
    return codes.find((code) => code !== 0) ?? (results.length === 0 ? 1 : 0);
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
