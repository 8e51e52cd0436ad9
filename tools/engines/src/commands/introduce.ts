import type { Outcome } from '../reach/reach.js';
import { notReached } from '../report/summary.js';

/** Says on the error stream which engines there are, and which not. */
export const introduce = (outcomes: readonly Outcome[]): void => {
  for (const { name, engine } of outcomes) {
    if (engine) console.error(`${name}: ${engine.version} (${engine.source}) on ${withoutPassword(engine.address)}`);
  }
  for (const line of notReached(outcomes)) console.error(line);
};

const withoutPassword = (address: string): string => address.replace(/\/\/[^@/]*@/, '//');
