import type { Ending, Faults, Switches } from './faults.js';
import { fromJson, toJson } from './switches-json.js';

/** The switches of a server in another process, by the address of its control server. */
export const remoteFaults = (control: string): Faults => {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(
      control + path,
      body === undefined ? { method } : { method, body: JSON.stringify(body) },
    );
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    set: async (switches) => void (await ask('POST', '/faults', toJson(switches))),
    current: async () => fromJson(await ask('GET', '/faults')) as Switches,
    reset: async () => void (await ask('DELETE', '/faults')),
    dropSubscriptions: async (ending?: Ending) =>
      ((await ask('POST', '/subscriptions/drop', { ending })) as { dropped: number }).dropped,
  };
};
