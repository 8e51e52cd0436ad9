import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { DoubleOptions } from './options.js';

const FLAGS = {
  host: 'host',
  port: 'port',
  controlPort: 'control-port',
  data: 'data',
  as: 'as',
  maxAppendSize: 'max-append-size',
  maxAppendEventSize: 'max-append-event-size',
  recentIdsSize: 'recent-ids-size',
} as const satisfies Record<keyof DoubleOptions, string>;

const TEXTS: readonly string[] = ['host', 'data', 'as'];

/** Ends when standard input does, so that it cannot outlive who started it. */
const ATTACHED = 'attached';

export interface CommandLine {
  readonly options: DoubleOptions;
  readonly attached: boolean;
}

/** @throws TypeError a flag that is not known, or without its value */
export const parseCommandLine = (args: readonly string[]): CommandLine => {
  const flags = Object.values(FLAGS).map((flag) => [flag, { type: 'string' }] as const);
  const known: ParseArgsConfig['options'] = { ...Object.fromEntries(flags), [ATTACHED]: { type: 'boolean' } };
  const { values } = parseArgs({ args: [...args], options: known });
  const given = Object.entries(FLAGS).filter(([, flag]) => values[flag] !== undefined);
  const options = given.map(([name, flag]) => [name, TEXTS.includes(name) ? values[flag] : Number(values[flag])]);
  return { options: Object.fromEntries(options) as DoubleOptions, attached: values[ATTACHED] === true };
};

export const commandLineOf = ({ options, attached }: CommandLine): string[] => [
  ...Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${FLAGS[name as keyof DoubleOptions]}=${value}`),
  ...(attached ? [`--${ATTACHED}`] : []),
];
