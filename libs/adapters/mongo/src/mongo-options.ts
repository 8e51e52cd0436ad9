import { DomainError } from '@rapport/kernel';
import type { ConnectOptions } from 'mongoose';

export interface MongoOptions {
  /** `mongodb://` or `mongodb+srv://` with hosts, credentials and settings. */
  readonly url: string;
  readonly database: string;
  /** How the server's log and its list of operations name this process. */
  readonly appName?: string;
}

/** How long a call waits for a server that can be written to, and for a free connection, before it fails. */
const PATIENCE_MS = 4_000;
/** A call with all its tries ends by then, as unavailable. The server is told so of reads, and gives up as well. */
const LONGEST_CALL_MS = 60_000;

/** What the driver is told, and what we see to ourselves. */
export interface MongoSettings {
  /** The given one without what the driver does not know. */
  readonly url: string;
  readonly options: ConnectOptions;
  readonly longestCallMs: number;
}

/**
 * Writes are acknowledged by a majority of the replica set, on its disks; reads come from the primary and see only what a
 * majority has: nothing that was told to anyone is undone by an election.
 */
const PROMISED = {
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  writeConcern: { w: 'majority', journal: true },
} as const;

/** The same as settings of a URL; a URL that says anything else of one of these asks for less. */
const PROMISED_IN_URL: Readonly<Record<string, string>> = {
  readconcernlevel: 'majority',
  readpreference: 'primary',
  w: 'majority',
  journal: 'true',
};

/**
 * Settings of the URL count for more than ours. `timeoutMS`, the time for a whole call, is ours to keep: the driver knows the
 * name and does nothing about it.
 * @throws DomainError invalid `bad-configuration` for a URL with a setting under which answers would be taken back
 */
export const mongoSettings = ({ url, database, appName = 'rapport' }: MongoOptions): MongoSettings => {
  const given = settingsIn(url);
  refuseLess(given);
  const longestCallMs = millisecondsOf(given.get('timeoutms')) ?? LONGEST_CALL_MS;
  const defaults = {
    appName,
    serverSelectionTimeoutMS: PATIENCE_MS,
    connectTimeoutMS: PATIENCE_MS,
    waitQueueTimeoutMS: PATIENCE_MS,
    socketTimeoutMS: longestCallMs,
  };
  const options = {
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()))),
    ...PROMISED,
    dbName: database,
    autoCreate: false,
    autoIndex: false,
    bufferCommands: false,
    // In a filter an undefined value would otherwise be no condition at all, and find everything.
    ignoreUndefined: false,
  };
  return { url: url.replace(/([?&])timeoutMS=[^&]*&?/i, '$1').replace(/[?&]$/, ''), options, longestCallMs };
};

const refuseLess = (given: ReadonlyMap<string, string>): void => {
  for (const [name, value] of Object.entries(PROMISED_IN_URL)) {
    const said = given.get(name);
    if (said === undefined || said.toLowerCase() === value) continue;
    throw refused(`says ${name}=${said}, and Rapport relies on ${value}. Leave ${name} out of it.`);
  }
};

const millisecondsOf = (text: string | undefined): number | undefined => {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw refused(`says timeoutMS=${text}. Give the milliseconds that a call may take, at least 1.`);
};

const refused = (what: string): DomainError =>
  new DomainError('invalid', 'bad-configuration', `The connection string of MongoDB ${what}`);

/** Names in lower case, as the driver does not tell cases apart either. */
const settingsIn = (url: string): ReadonlyMap<string, string> => {
  const from = url.indexOf('?');
  const settings = new URLSearchParams(from < 0 ? '' : url.slice(from + 1));
  return new Map([...settings].map(([name, value]) => [name.toLowerCase(), value]));
};
