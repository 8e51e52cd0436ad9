import { setTimeout as pause } from 'node:timers/promises';

/** What a probe is told. */
export interface ProbeOrder {
  readonly address: string;
  /** Of somebody who asks for little. */
  readonly token: string;
}

/** What it answers when it is told to stop: milliseconds of each request. */
export interface ProbeSeen {
  readonly healthz: readonly number[];
  readonly list: readonly number[];
}

const EVERY_MILLISECONDS = 10;

/** Asks the same again and again, one request after the other, until it is told to stop. */
const probe = async ({ address, token }: ProbeOrder, signal: AbortSignal): Promise<ProbeSeen> => {
  const ask = async (path: string): Promise<number[]> => {
    const times: number[] = [];
    while (!signal.aborted) {
      const began = performance.now();
      const response = await fetch(address + path, { headers: { authorization: `Bearer ${token}` } });
      const text = await response.text();
      times.push(performance.now() - began);
      if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text.slice(0, 300)}`);
      await pause(EVERY_MILLISECONDS);
    }
    return times;
  };
  const [healthz, list] = await Promise.all([ask('/healthz'), ask('/v1/contacts?limit=50')]);
  return { healthz, list };
};

const stopped = new AbortController();
process.once('message', (order: ProbeOrder) => {
  process.once('message', () => stopped.abort());
  probe(order, stopped.signal).then(
    (seen) => process.send!(seen, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
