import { contactOf } from '../workplace/contacts.js';
import { percentile } from '../report/figures.js';
import { Connection } from './connection.js';

/** What a load process is told. */
export interface LoadOrder {
  readonly port: number;
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
  /** Contacts that are changed, one after the other; without them contacts are created. */
  readonly changes?: Changes;
}

export interface Changes {
  readonly ids: readonly string[];
  /** What they are changed to differs from round to round. */
  readonly round: number;
}

/** What it answers. */
export interface LoadSeen {
  /** Answers per second, of those that arrived in time. */
  readonly rate: number;
  readonly answers: number;
  /** Status → answers. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Share of one core that the load itself took. */
  readonly busy: number;
}

const BODIES = 2_000;

/** Ready before the clock starts, so that making bodies costs nothing. */
const requestsFor = ({ token, changes }: LoadOrder): readonly Buffer[] => {
  const request = (method: string, path: string, fields: object): Buffer => {
    const body = JSON.stringify(fields);
    const head = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', `authorization: Bearer ${token}`];
    head.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`);
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
  if (!changes) return Array.from({ length: BODIES }, (_, n) => request('POST', '/v1/contacts', contactOf(n)));
  const { ids, round } = changes;
  return ids.map((id, n) => request('PATCH', `/v1/contacts/${id}`, { title: `Buyer ${n} of ${round}` }));
};

/** Each connection sends its next request when its last one is answered. */
const ask = async (order: LoadOrder): Promise<LoadSeen> => {
  const { port, connections, seconds } = order;
  const requests = requestsFor(order);
  const statuses: Record<number, number> = {};
  const latencies: number[] = [];
  let [sent, inTime] = [0, 0];
  const busyBefore = process.cpuUsage();
  const began = performance.now();
  const end = began + seconds * 1_000;
  const work = async (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let at = 0;
    const next = (): void => {
      at = performance.now();
      connection.send(requests[sent++ % requests.length]!);
    };
    const answered = (status: number): void => {
      const now = performance.now();
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(now - at);
      if (now > end) return resolve();
      inTime += 1;
      next();
    };
    const connection = await Connection.open(port, answered, reject);
    next();
    await promise.finally(() => connection.close());
  };
  await Promise.all(Array.from({ length: connections }, work));
  const used = process.cpuUsage(busyBefore);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(latencies, share)) as [number, number, number];
  const elapsed = performance.now() - began;
  const busy = (used.user + used.system) / 1_000 / elapsed;
  return { rate: inTime / seconds, answers: latencies.length, statuses, p50, p99, max, busy };
};

process.once('message', (order: LoadOrder) => {
  ask(order).then(
    (seen) => process.send!(seen, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
