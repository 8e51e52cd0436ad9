import { parseArgs } from 'node:util';

export interface Options {
  /** Name of the only measurement to take. */
  readonly only: string | undefined;
  readonly quick: boolean;
  readonly json: boolean;
  /** Whether docs/benchmarks.md is written: a whole run does it by itself. */
  readonly write: boolean;
}

export const usageOf = (names: readonly string[]): string =>
  [
    'npm run bench -- [options]',
    '',
    `  --only <name>  take one measurement: ${names.join(', ')}`,
    '  --quick        everything small, in less than a minute: tries the tool, tells nothing about speed',
    '  --json         print the rows as JSON',
    '  --write        write docs/benchmarks.md; a whole run does that by itself',
  ].join('\n');

/** @throws Error when an option is not known */
export const optionsOf = (args: readonly string[], names: readonly string[]): Options => {
  const flag = { type: 'boolean', default: false } as const;
  const options = { only: { type: 'string' }, quick: flag, json: flag, write: flag } as const;
  const { values } = parseArgs({ args: [...args], options });
  const { only, quick, json, write } = values;
  if (only !== undefined && !names.includes(only)) throw new Error(`There is no measurement "${only}".`);
  return { only, quick, json, write: write || (!quick && only === undefined) };
};
