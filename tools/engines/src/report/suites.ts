import { basename } from 'node:path';
import { type EngineName, engineNames } from '../engine.js';

/** As much of `jest --json` as is read. */
export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A test file that needs engines. */
export interface Suite extends Counts {
  readonly suite: string;
  readonly engines: readonly EngineName[];
}

/** How files are named after the engine: `message-bus.kafka.int.spec.ts`. */
const marks: Readonly<Record<string, EngineName>> = { kafka: 'kafka', mongo: 'mongodb', eventstoredb: 'eventstoredb' };

/** The files that were run against engines, by name. Those in `tests/engines` that are named after none use all of them. */
export const suitesOf = (report: JestReport): Suite[] =>
  report.testResults
    .flatMap(({ name, status, assertionResults }) => {
      const [suite, mark] = basename(name).split('.');
      const engine = marks[mark!];
      if (!engine && !/[\\/]engines[\\/]/.test(name)) return [];
      const counts = countsOf(assertionResults.map((test) => test.status));
      // One that could not even be loaded has no tests to fail.
      const failed = status === 'failed' ? Math.max(1, counts.failed) : counts.failed;
      return [{ ...counts, failed, suite: suite!, engines: engine ? [engine] : engineNames }];
    })
    .toSorted((a, b) => a.suite.localeCompare(b.suite));

const countsOf = (statuses: readonly string[]): Counts => {
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return { passed, failed, skipped: statuses.length - passed - failed };
};

export const total = (suites: readonly Counts[]): Counts =>
  suites.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
