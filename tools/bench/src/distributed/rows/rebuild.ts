import { perSecond, seconds, whole } from '../../report/figures.js';
import type { Api } from '../../workplace/api.js';
import type { Bench, Row } from '../../row.js';
import { copied, listed, settled } from '../settled.js';
import type { Side } from '../side.js';
import type { Sides } from '../sides.js';
import { seedAccounts } from './seed.js';

interface Rebuilt {
  readonly events: number;
  /** Of the list, and of one with nothing in it. */
  readonly seconds: number;
  readonly emptySeconds: number;
  /** That were written before, and how long that took until the list had them. */
  readonly accounts: number;
  readonly seedSeconds: number;
  /** How many of them sales had in its copy by then. */
  readonly copied: number;
}

/** So that a slow machine still has time for the other measurements; what is there by then is rebuilt. */
const SEED_WITHIN_MILLISECONDS = 30_000;

/** A list built anew from the first event beside the one in use, as operators ask for it. */
export const rebuild: Bench<Sides> = {
  name: 'rebuild',
  async measure({ workplace, standalone, fleet }) {
    const wanted = workplace.quick ? 1_000 : 20_000;
    // What the copy in sales still lacks would come meanwhile, on the same cores.
    const one = await rebuilt(standalone, wanted, () => settled(standalone.api));
    return [rowOf(await rebuilt(fleet, wanted, () => fleet.stopSales()), one)];
  },
};

const rebuilt = async ({ api }: Side, wanted: number, quiet: () => Promise<void>): Promise<Rebuilt> => {
  const before = Number((await copied(api)).handled);
  let accounts = 0;
  const seedSeconds = await secondsOf(async () => {
    accounts = await seedAccounts(api, wanted, SEED_WITHIN_MILLISECONDS);
    await listed(api);
  });
  const handled = Number((await copied(api)).handled) - before;
  const emptySeconds = await secondsOf(() => rebuildOf(api, 'sales', 'products'));
  await quiet();
  let events = 0;
  const took = await secondsOf(async () => void (events = await rebuildOf(api, 'contacts', 'accounts')));
  if (events < accounts) throw new Error(`${events} events cannot be all of ${accounts} accounts.`);
  return { events, seconds: took, emptySeconds, accounts, seedSeconds, copied: handled };
};

/** Resolves to the number of events. */
const rebuildOf = async (api: Api, context: string, list: string): Promise<number> => {
  const path = `/v1/operations/${context}/projections/${list}:rebuild`;
  return Number((await api.call<{ events: number | string }>('POST', path)).body.events);
};

const rowOf = (ours: Rebuilt, one: Rebuilt): Row => {
  const [rate, alone] = [ours.events / ours.seconds, one.events / one.seconds];
  const seeded = ({ accounts, seedSeconds, copied }: Rebuilt): string =>
    `${perSecond(accounts / seedSeconds)} until the list had all of them; the copy that sales keeps had ${whole(Math.min(copied, accounts))} by then`;
  return {
    what: `projection rate: rebuild of the list of ${whole(ours.accounts)} accounts`,
    figure: `${perSecond(rate)} events, asking the owner included`,
    limit: `standalone: ${perSecond(alone)}`,
    ratio: rate / alone,
    aim: '',
    notes: [
      `${whole(ours.events)} events in ${seconds(ours.seconds)}; standalone ${whole(one.events)} in ${seconds(one.seconds)}. From the request to /v1/operations to its answer, which comes once the new documents are in use. Of a list with nothing in it that takes ${seconds(ours.emptySeconds)} (whoever owns the projection is asked through the database); standalone ${seconds(one.emptySeconds)}. Sales of its own process is stopped meanwhile.`,
      `Before that the accounts were written by batches of 200, four at once: ${seeded(ours)}; standalone ${seeded(one)}.`,
    ],
  };
};

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
};
