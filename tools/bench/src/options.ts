import { parseArgs } from 'node:util';

/** All in one process, or each service in processes of its own beside it, or all in one process with very much in it. */
export type AssemblyName = (typeof assemblies)[number];

const assemblies = ['standalone', 'distributed', 'large'] as const;

export interface Options {
  readonly assembly: AssemblyName;
  /** Name of the only measurement to take. */
  readonly only: string | undefined;
  readonly quick: boolean;
  readonly json: boolean;
  /** Whether docs/benchmarks.md is written: a whole run does it by itself. */
  readonly write: boolean;
}

/** The measurements of each assembly. */
export type Names = Readonly<Record<AssemblyName, readonly string[]>>;

export const usageOf = ({ standalone, distributed }: Names): string =>
  [
    'npm run bench -- [distributed | large] [options]',
    '',
    '  distributed    every service in processes of its own, on engines that are started for it, beside standalone',
    '  large          one process with a million contacts and ten million events; takes about an hour',
    `  --only <name>  take one measurement: ${standalone.join(', ')};`,
    `                 distributed: ${distributed.join(', ')}`,
    '  --quick        everything small, in about a minute: tries the tool, tells nothing about speed',
    '  --json         print the rows as JSON',
    '  --write        write its part of docs/benchmarks.md; a whole run does that by itself',
  ].join('\n');

/** @throws Error when an option is not known */
export const optionsOf = (args: readonly string[], names: Names): Options => {
  const flag = { type: 'boolean', default: false } as const;
  const options = { only: { type: 'string' }, quick: flag, json: flag, write: flag } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [assembly = 'standalone', ...more] = positionals;
  if (!isAssembly(assembly) || more.length > 0) throw new Error(`"${positionals.join(' ')}" is no assembly.`);
  const { only, quick, json, write } = values;
  if (only !== undefined && !names[assembly].includes(only)) throw new Error(`There is no measurement "${only}".`);
  return { assembly, only, quick, json, write: write || (!quick && only === undefined) };
};

const isAssembly = (name: string): name is AssemblyName => assemblies.some((each) => each === name);
