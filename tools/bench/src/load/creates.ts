import type { Api } from '../workplace/api.js';
import { contactOf } from '../workplace/contacts.js';
import { TOKEN, type Workplace } from '../workplace/workplace.js';
import type { Changes, LoadSeen } from './load.js';
import { runLoad } from './run-load.js';

/** Creates from 64 connections at once. @throws Error when one is answered anything but 201 */
export const createsOn = async (workplace: Workplace, port: number, seconds: number): Promise<LoadSeen> => {
  const seen = await runLoad(workplace, { port, token: TOKEN, connections: 64, seconds });
  const others = Object.keys(seen.statuses).filter((status) => status !== '201');
  if (others.length > 0) throw new Error(`Not every create was answered 201: ${JSON.stringify(seen.statuses)}`);
  return seen;
};

/** Changes of single contacts from 64 connections at once. @throws Error when one is answered anything but 200 */
export const changesOn = async (
  workplace: Workplace,
  port: number,
  seconds: number,
  changes: Changes,
): Promise<LoadSeen> => {
  const seen = await runLoad(workplace, { port, token: TOKEN, connections: 64, seconds, changes });
  const others = Object.keys(seen.statuses).filter((status) => status !== '200');
  if (others.length > 0) throw new Error(`Not every change was answered 200: ${JSON.stringify(seen.statuses)}`);
  return seen;
};

/** What an answer to a create has besides what was sent, so that the echo's answers are as long. */
export const moreThanSent = async (api: Api): Promise<object> => {
  const sent = contactOf(0);
  const { body } = await api.call<object>('POST', '/v1/contacts', { body: sent });
  return Object.fromEntries(Object.entries(body).filter(([name]) => !(name in sent)));
};
