import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../workplace/api.js';
import { accountOf } from '../rows/seed.js';
import type { Span } from './span.js';

/** Requests as they are seen from outside: each is the beginning of its trace. */
export interface Asked {
  readonly creates: readonly Span[];
  readonly lists: readonly Span[];
}

/** What follows from a write has ended by then, so that the next request finds the machine at rest. */
const REST_MILLISECONDS = 20;
const WARM_UP = 30;

/** Creates an account and reads a page of the list, so many times, one request after the other. */
export const ask = async (api: Api, times: number): Promise<Asked> => {
  const [creates, lists]: [Span[], Span[]] = [[], []];
  for (let n = -WARM_UP; n < times; n += 1) {
    const create = await traced((headers) =>
      api.call('POST', '/v1/accounts', { body: accountOf(n + WARM_UP), headers }),
    );
    await pause(REST_MILLISECONDS);
    const list = await traced((headers) => api.call('GET', '/v1/accounts?limit=50', { headers }));
    if (n < 0) continue;
    creates.push(create);
    lists.push(list);
  }
  return { creates, lists };
};

/** The name of what is seen from outside. */
export const REQUEST = 'request';

const traced = async (request: (headers: Readonly<Record<string, string>>) => Promise<unknown>): Promise<Span> => {
  const [trace, id] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const start = Date.now();
  const began = performance.now();
  await request({ traceparent: `00-${trace}-${id}-01` });
  const milliseconds = performance.now() - began;
  return { trace, id, parent: undefined, name: REQUEST, service: 'client', later: false, start, milliseconds };
};
