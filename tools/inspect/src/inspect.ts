import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DomainError } from '@rapport/kernel';
import { audit, type Env } from './audit.js';
import { broken } from './broken.js';
import { openDataFolder, type DataFolder } from './data-folder.js';
import { events, stream, streams } from './events.js';
import { followers } from './followers.js';
import { orderOf, type Order } from './order.js';
import { parked } from './parked.js';
import { receipt } from './receipt.js';
import { asJson, asText, type Report } from './report.js';
import { verify } from './verify.js';

type Command = (folder: DataFolder, order: Order, now: number, env: Env) => Report;

const COMMANDS: Readonly<Record<string, Command>> = {
  streams,
  stream,
  events,
  followers: (folder, _, now) => followers(folder, now),
  parked,
  broken,
  verify,
  audit: (folder, order, _, env) => audit(folder, order, env),
};

export const USAGE = `Usage: npm run inspect -- <command> [--data <folder>] [--service <name>] [--json]

  streams [prefix]     streams and how many events they have     [--limit 100]
  stream <name>        the events of one stream; personal fields stay sealed
  events               events of all streams                     [--after <position>] [--type <type>] [--limit 100]
  followers            checkpoints of projections, reactions and inboxes, and how far they are behind
  parked               events that were set aside
  broken               records of other contexts of which something is missing
  verify               checks events, keys and read models; ends with 1 when something is wrong
  audit verify         goes over the chains of the audit trail; ends with 1 and names the first broken link
  receipt verify <file>  whether a receipt is as it was signed; with the data folder, whether its own key did. Ends with 1 when not

It reads the files of a running or stopped server and writes nothing. The folder is --data, RAPPORT_DATA or .data.
`;

/** What a command line gives: the text and the process's exit code. */
export const inspect = (
  args: readonly string[],
  env: Env,
  now: number = Date.now(),
): { readonly text: string; readonly exitCode: number } => {
  try {
    const order = orderOf(args);
    if (order.command === undefined) return { text: USAGE, exitCode: args.length === 0 ? 2 : 0 };
    const report = reported(order, now, env);
    return { text: order.json ? asJson(report) : asText(report), exitCode: report.failed ? 1 : 0 };
  } catch (error) {
    if (error instanceof DomainError) return { text: `${error.message.trimEnd()}\n`, exitCode: 2 };
    throw error;
  }
};

const reported = (order: Order, now: number, env: Env): Report => {
  const { command: name = '', data, service } = order;
  const path = resolve(data ?? env['RAPPORT_DATA'] ?? '.data');
  if (name === 'receipt') return within(existsSync(path), path, undefined, (folder) => receipt(order, folder, env));
  const command = COMMANDS[name];
  if (!command) throw new DomainError('invalid', 'bad-argument', `There is no command "${name}".\n\n${USAGE}`);
  return within(true, path, service, (folder) => command(folder!, order, now, env));
};

const within = <T>(
  isThere: boolean,
  path: string,
  service: string | undefined,
  look: (folder: DataFolder | undefined) => T,
): T => {
  const folder = isThere ? openDataFolder(path, service) : undefined;
  try {
    return look(folder);
  } finally {
    folder?.close();
  }
};
