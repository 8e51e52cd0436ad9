import { NO_FAULTS, type Switches } from './faults.js';

/** JSON has no infinity. */
const ALWAYS = 'always';

export const toJson = (switches: Partial<Switches>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(switches).map(([name, value]) => [name, value === Infinity ? ALWAYS : value]));

/** @throws Error there is no such switch */
export const fromJson = (value: unknown): Partial<Switches> =>
  Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map(([name, given]) => {
      if (!(name in NO_FAULTS)) throw new Error(`No switch "${name}"; there are ${Object.keys(NO_FAULTS).join(', ')}`);
      return [name, given === ALWAYS ? Infinity : given];
    }),
  );
