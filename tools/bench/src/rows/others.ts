import { demands } from '../load/demands.js';
import type { ProbeSeen } from '../load/probe.js';
import { probeDuring } from '../load/run-probe.js';
import { milliseconds, percentile, percentiles } from '../report/figures.js';
import type { Bench, Row } from '../row.js';
import type { Api } from '../workplace/api.js';
import { contactOf } from '../workplace/contacts.js';
import { filledIn } from '../workplace/filled.js';
import { setTimeout as pause } from 'node:timers/promises';

const MIB = 1024 * 1024;
const IDLE_MILLISECONDS = 3_000;
const NEIGHBOURS = 50;
const AIM = { healthz: 100, list: 200 };

/** What one caller may demand, and what others wait meanwhile. */
export const others: Bench = {
  name: 'others',
  async measure(workplace) {
    const { api, server } = await filledIn(workplace);
    const { address } = server;
    const order = { address, token: await neighbour(api, (token) => workplace.apiOf(server, token)) };
    const idle = await probeDuring(workplace, order, () => pause(IDLE_MILLISECONDS));
    const rows: Row[] = [];
    for (const { what, prepare } of demands) {
      const work = await prepare({ api, address, bytes: (workplace.quick ? 2 : 25) * MIB });
      let took = 0;
      const seen = await probeDuring(workplace, order, async () => {
        const began = performance.now();
        await work();
        took = performance.now() - began;
      });
      rows.push(rowOf(what, seen, idle, took));
    }
    return rows;
  },
};

const worst = (times: readonly number[]): number => percentile(times, 1);
const told = ({ healthz, list }: ProbeSeen): string =>
  `/healthz ${milliseconds(worst(healthz))}, list ${milliseconds(worst(list))}`;

const rowOf = (what: string, seen: ProbeSeen, idle: ProbeSeen, took: number): Row => ({
  what: `others wait, during ${what}`,
  figure: `at worst ${told(seen)}`,
  limit: `nobody asks for anything: ${told(idle)}`,
  aim: `/healthz ≤ ${AIM.healthz} ms, list ≤ ${AIM.list} ms`,
  met: worst(seen.healthz) <= AIM.healthz && worst(seen.list) <= AIM.list,
  notes: [
    `It took ${milliseconds(took)}. /healthz meanwhile: ${percentiles(seen.healthz, 0.5, 0.99)}; another tenant's list of ${NEIGHBOURS}: ${percentiles(seen.list, 0.5, 0.99)}.`,
    'Both are asked for from a process of its own, each again 10 ms after its answer. Whoever demands shares the cores with the server and with it.',
  ],
});

/** Another tenant, with a page of contacts. Answers with its token. */
const neighbour = async (api: Api, apiOf: (token: string) => Api): Promise<string> => {
  const order = { name: 'Neighbour', tenant: 'neighbour', roles: ['administrator'] };
  const { body } = await api.call<{ readonly secret: string }>('POST', '/v1/access-tokens', { body: order });
  const own = apiOf(body.secret);
  for (let n = 0; n < NEIGHBOURS; n += 1) await own.call('POST', '/v1/contacts', { body: contactOf(n) });
  return body.secret;
};
