import { everythingOf } from '@rapport/access';
import type { Document, Documents } from '@rapport/read-models';
import type { Cell } from '../cells.js';
import { TENANT } from './accounts.js';

/** All documents, by id. */
export const contentsOf = async <D extends Document>(documents: Documents<D>): Promise<readonly D[]> =>
  (await documents.query(everythingOf(TENANT), { limit: 1_000 })).documents;

/** Per branch how many accounts there were at the end of a day and what lay on them; nothing where both are 0. */
export const totalsAt = async (cells: Documents<Cell>, day: string): Promise<Record<string, readonly number[]>> => {
  const totals: Record<string, [number, number]> = {};
  for (const cell of await contentsOf(cells)) {
    if (cell.day > day) continue;
    const total = (totals[cell['branch'] as string] ??= [0, 0]);
    total[0] += cell['count'] as number;
    total[1] += cell['balance'] as number;
  }
  return Object.fromEntries(Object.entries(totals).filter(([, [count, balance]]) => count !== 0 || balance !== 0));
};

/** Waits until something holds, letting everything else go on meanwhile. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const giveUpAt = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};
