import { ApiClient } from './api-client.js';
import { readArguments, UsageError } from './arguments.js';
import { HELP } from './help.js';
import { countOf, ImportApi } from './import-api.js';
import { DONE, FAILED, finished, importFile, type Session } from './import-command.js';
import { listLine, outcomeLine } from './import-report.js';
import { signIn } from './sign-in-command.js';
import type { Terminal } from './terminal.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Runs what was typed and answers with the exit code. Errors are sentences on the terminal. */
export const runCommand = async (
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> => {
  try {
    const { words, flags } = readArguments(argv);
    const [command = 'help', ...rest] = words;
    if (flags.help || command === 'help') {
      terminal.print(HELP);
      return DONE;
    }
    if (command === 'sign-in') return await signIn();
    const url = flags.url ?? environment['RAPPORT_URL'] ?? DEFAULT_URL;
    if (!URL.canParse(url)) throw new UsageError(`"${url}" is no address. Give --url as http://127.0.0.1:3000.`);
    const client = new ApiClient(url, flags.token ?? environment['RAPPORT_TOKEN']);
    return await dispatch({ client, terminal, flags }, command, rest);
  } catch (error) {
    terminal.print((error as Error).message);
    if (error instanceof UsageError) terminal.print('See: rapport help');
    return FAILED;
  }
};

const dispatch = (session: Session, command: string, words: readonly string[]): Promise<number> => {
  if (command === 'whoami') return whoAmI(session);
  if (command !== 'import') throw new UsageError(`There is no command "${command}".`);
  const [first, second, third] = words;
  if (first === 'revert' && second && third) return revert(session, second, third);
  if (first === 'status' && second) return status(session, second, third);
  if (first && second && !third && first !== 'revert') return importFile(session, first, second);
  throw new UsageError('import wants a kind and a file: rapport import accounts accounts.csv');
};

const whoAmI = async ({ client, terminal }: Session): Promise<number> => {
  const me = await client.json<{ name?: string; tenant?: string; roles?: string[] }>('GET', '/v1/me');
  terminal.print(
    `${me.name ?? '?'} of ${me.tenant ?? '?'}, ${(me.roles ?? []).join(', ') || 'no roles'}, at ${client.url}`,
  );
  return DONE;
};

const revert = async ({ client, terminal }: Session, kind: string, id: string): Promise<number> => {
  const api = new ImportApi(client);
  const done = await finished(api, terminal, await api.begin('revert', kind, id));
  terminal.print(
    done.state === 'reverted'
      ? `Reverted: ${countOf(done, 'restored')} records restored, ${countOf(done, 'kept')} kept because they were changed later`
      : `The import is ${done.state}: ${done.problem?.detail ?? ''}`,
  );
  return done.state === 'reverted' ? DONE : FAILED;
};

const status = async ({ client, terminal }: Session, kind: string, id: string | undefined): Promise<number> => {
  const api = new ImportApi(client);
  if (id === undefined) {
    const imports = await api.list(kind);
    if (imports.length === 0) terminal.print(`No ${kind} have been imported yet.`);
    for (const view of imports) terminal.print(listLine(view));
    return DONE;
  }
  const view = await api.get(kind, id);
  terminal.print(`${view.state}: ${outcomeLine(view)}`);
  if (view.problem?.detail) terminal.print(view.problem.detail);
  return DONE;
};
