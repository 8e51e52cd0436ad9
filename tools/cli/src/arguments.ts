import { parseArgs } from 'node:util';

/** What was typed is not what a command takes; the message says what is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FLAGS = {
  url: { type: 'string' },
  token: { type: 'string' },
  map: { type: 'string', multiple: true },
  value: { type: 'string', multiple: true },
  'match-by': { type: 'string' },
  mode: { type: 'string' },
  dates: { type: 'string' },
  currency: { type: 'string' },
  scale: { type: 'string', multiple: true },
  require: { type: 'string', multiple: true },
  'unknown-references': { type: 'string' },
  'create-missing': { type: 'string', multiple: true },
  pipeline: { type: 'string' },
  encoding: { type: 'string' },
  separator: { type: 'string' },
  errors: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type Flags = ReturnType<typeof parseArgs<{ options: typeof FLAGS; allowPositionals: true }>>['values'];

export interface Arguments {
  readonly words: readonly string[];
  readonly flags: Flags;
}

/** @throws UsageError */
export const readArguments = (argv: readonly string[]): Arguments => {
  try {
    const { positionals, values } = parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
    return { words: positionals, flags: values };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

/** Settings of an import as the API takes them, without columns and pipeline, which need the server. */
export const settingsOf = (flags: Flags): Record<string, unknown> => {
  const settings = {
    values: flags.value?.map(valueMapping),
    matchBy: flags['match-by'],
    mode: flags.mode,
    dates: flags.dates,
    currency: flags.currency,
    scales: flags.scale && Object.fromEntries(flags.scale.map(scale)),
    required: flags.require,
    unknownReferences: flags['unknown-references'],
    createMissing: flags['create-missing'],
    encoding: flags.encoding,
    separator: flags.separator,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
};

/** `--map "Column=field"`; an empty field leaves the column out. The last "=" counts: columns may have one. */
export const columnMap = (flags: Flags): ReadonlyMap<string, string> =>
  new Map(
    (flags.map ?? []).map((text) => {
      const at = text.lastIndexOf('=');
      if (at < 1) throw new UsageError(`--map wants "Column=field", not "${text}".`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );

const valueMapping = (text: string): { field: string; from: string; to: string } => {
  const match = /^([^:]+):([^=]*)=(.*)$/s.exec(text);
  if (!match) throw new UsageError(`--value wants "field:From=To", not "${text}".`);
  return { field: match[1]!, from: match[2]!, to: match[3]! };
};

const scale = (text: string): [string, number] => {
  const [field = '', factor = ''] = text.split('=');
  const number = Number(factor);
  if (field === '' || factor === '' || !Number.isFinite(number))
    throw new UsageError(`--scale wants "field=1000000", not "${text}".`);
  return [field, number];
};
