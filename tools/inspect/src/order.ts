import { parseArgs } from 'node:util';
import { DomainError } from '@rapport/kernel';

/** What was asked for on the command line. */
export interface Order {
  readonly command: string | undefined;
  /** A stream's name, or the start of one. */
  readonly name: string | undefined;
  /** One that is no part of a data folder. */
  readonly file: string | undefined;
  readonly data: string | undefined;
  readonly service: string | undefined;
  readonly json: boolean;
  readonly after: number;
  readonly type: string | undefined;
  readonly limit: number;
}

export const orderOf = (args: readonly string[]): Order => {
  const { values, positionals } = parsed(args);
  const [command, name, file] = positionals;
  return {
    command: values.help ? undefined : command,
    name,
    file,
    data: values.data,
    service: values.service,
    json: values.json ?? false,
    after: numberOf('--after', values.after ?? '0'),
    type: values.type,
    limit: numberOf('--limit', values.limit ?? '100'),
  };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        service: { type: 'string' },
        json: { type: 'boolean' },
        after: { type: 'string' },
        type: { type: 'string' },
        limit: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new DomainError('invalid', 'bad-argument', (error as Error).message);
  }
};

const numberOf = (option: string, text: string): number => {
  if (/^\d{1,20}$/.test(text)) return Number(text);
  throw new DomainError('invalid', 'bad-argument', `${option} is "${text}"; give a whole number.`);
};
