import { type Outcome, whyMissing } from '../reach/reach.js';
import { type JestReport, type Suite, suitesOf, total } from './suites.js';
import { type Row, table } from './table.js';

/** What a run ends with: which suite ran against which engine at which version, what was not reached, and the sum. */
export const summary = (report: JestReport, outcomes: readonly Outcome[]): string => {
  const { passed, failed, skipped } = total(suitesOf(report));
  return [...suitesAndEngines(report, outcomes), `${passed} passed, ${failed} failed, ${skipped} skipped`].join('\n');
};

/** The same without the sum, for a run of more than these suites. */
export const suitesAndEngines = (report: JestReport, outcomes: readonly Outcome[]): string[] => {
  const rows = suitesOf(report).flatMap((suite) => rowsOf(suite, outcomes));
  return [...(rows.length > 0 ? [table(HEAD, rows), ''] : []), ...notReached(outcomes)];
};

const HEAD = ['suite', 'engine', 'version', 'source', 'passed', 'failed', 'skipped'];

/** One for each engine; the first one also has what belongs to all of them. */
const rowsOf = ({ suite, engines, passed, failed, skipped }: Suite, outcomes: readonly Outcome[]): Row[] =>
  engines.map((name, at) => {
    const found = outcomes.find((outcome) => outcome.name === name)?.engine;
    const against = [name, found?.version ?? 'not reached', found?.source ?? 'none'];
    return at === 0 ? [suite, ...against, passed, failed, skipped] : ['', ...against, '', '', ''];
  });

/** A line for each engine that there is none of, and for each way that did not lead to the one that there is. */
export const notReached = (outcomes: readonly Outcome[]): string[] =>
  outcomes.flatMap((outcome) => {
    const { name, engine, failures } = outcome;
    if (!engine) return [`${name} could not be reached: ${whyMissing(outcome)}`];
    return failures.map((failure) => `${name}: ${failure}; ran against ${engine.version} instead.`);
  });
