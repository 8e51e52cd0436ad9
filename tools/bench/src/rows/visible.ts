import { filledIn } from '../workplace/filled.js';
import { setTimeout as pause } from 'node:timers/promises';
import { milliseconds, percentile, percentiles } from '../report/figures.js';
import type { Bench } from '../row.js';
import type { Api } from '../workplace/api.js';
import { contactOf } from '../workplace/contacts.js';

/** How a client looks for what it has just written. */
type Look = (api: Api, path: string, token: string) => Promise<void>;

const withToken: Look = async (api, path, token) => {
  await api.call('GET', path, { headers: { 'rapport-consistency': token } });
};

const untilThere: Look = async (api, path) => {
  while ((await api.call('GET', path, { accepts: [404] })).status === 404);
};

const PER_SECOND = 200;

/** From the answer to a create until a read shows it, in a list of many contacts. */
export const visible: Bench = {
  name: 'visible',
  async measure(workplace) {
    const { api } = await filledIn(workplace);
    const [writes, loadSeconds] = workplace.quick ? [50, 2] : [400, 8];
    await oneByOne(api, 20, withToken);
    const alone = { token: await oneByOne(api, writes, withToken), plain: await oneByOne(api, writes, untilThere) };
    const busy = {
      token: await underLoad(api, loadSeconds, withToken),
      plain: await underLoad(api, loadSeconds, untilThere),
    };
    const known = await reads(api, writes);
    const p99 = Math.max(
      ...[alone, busy].flatMap(({ token, plain }) => [percentile(token, 0.99), percentile(plain, 0.99)]),
    );
    const line = (times: readonly number[]): string =>
      `${percentiles(times, 0.5, 0.99)}, slowest ${milliseconds(Math.max(...times))}`;
    return [
      {
        what: 'write acknowledged → visible in the read model',
        figure: `p99 ${milliseconds(p99)}`,
        limit: `reading a record that has long been there: p99 ${milliseconds(percentile(known, 0.99))}`,
        aim: 'p99 ≤ 20 ms',
        met: p99 <= 20,
        notes: [
          `One write after the other, read with its consistency token: ${line(alone.token)}.`,
          `The same, read without a token until it is there: ${line(alone.plain)}.`,
          `${PER_SECOND} writes per second, with token: ${line(busy.token)}; without: ${line(busy.plain)}.`,
          'From the arrival of the 201 to the arrival of the read that shows the record, so the read itself is in it. The figure is the worst of the four. Writes under load begin at fixed times, whether or not earlier ones are answered.',
        ],
      },
    ];
  },
};

/** Creates a contact and answers how many milliseconds after that it was seen. */
const writeAndLook = async (api: Api, n: number, look: Look): Promise<number> => {
  const { body, headers } = await api.call<{ id: string }>('POST', '/v1/contacts', { body: contactOf(n) });
  const acknowledged = performance.now();
  await look(api, `/v1/contacts/${body.id}`, headers.get('rapport-consistency')!);
  return performance.now() - acknowledged;
};

const oneByOne = async (api: Api, writes: number, look: Look): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let n = 0; n < writes; n += 1) times.push(await writeAndLook(api, n, look));
  return times;
};

const underLoad = async (api: Api, seconds: number, look: Look): Promise<readonly number[]> => {
  const began = performance.now();
  const each = Array.from({ length: seconds * PER_SECOND }, async (_, n) => {
    await pause(Math.max(0, began + (n * 1_000) / PER_SECOND - performance.now()));
    return writeAndLook(api, n, look);
  });
  return Promise.all(each);
};

const reads = async (api: Api, count: number): Promise<readonly number[]> => {
  const { body } = await api.call<{ id: string }>('POST', '/v1/contacts', { body: contactOf(0) });
  await untilThere(api, `/v1/contacts/${body.id}`, '');
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await api.get(`/v1/contacts/${body.id}`);
    times.push(performance.now() - began);
  }
  return times;
};
