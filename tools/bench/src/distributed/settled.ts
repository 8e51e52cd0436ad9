import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../workplace/api.js';

interface Followers {
  readonly data: readonly Follower[];
}

interface Follower {
  readonly name: string;
  readonly position: string;
  /** Since its process started. */
  readonly handled: string | number;
}

const LISTS = ['/v1/accounts?limit=1', '/v1/contacts?limit=1'];
const POLL_MILLISECONDS = 20;

/** Waits until every list of contacts shows all that was written before. Resolves to the position of the last of it. */
export const listed = async (api: Api): Promise<string> => {
  const { body, headers } = await api.call<{ id: string }>('POST', '/v1/accounts', { body: { name: 'Last of all' } });
  const token = headers.get('rapport-consistency')!;
  for (const list of [`/v1/accounts/${body.id}`, ...LISTS]) {
    const read = () => api.call('GET', list, { headers: { 'rapport-consistency': token }, accepts: [503] });
    while ((await read()).status === 503);
  }
  return token.slice(token.indexOf(':') + 1);
};

/** Waits until every list shows all that was written before, and sales knows of it. */
export const settled = async (api: Api): Promise<void> => {
  const position = await listed(api);
  while ((await copied(api)).position < position) await pause(POLL_MILLISECONDS);
};

/** How far sales has come in reading what contacts publishes. */
export const copied = async (api: Api): Promise<Follower> => {
  const { data } = await api.get<Followers>('/v1/operations/sales/followers');
  const reader = data.find(({ name }) => name === 'sales<-contacts');
  if (!reader) throw new Error(`Sales does not read contacts any more: ${data.map(({ name }) => name).join(', ')}`);
  return reader;
};
