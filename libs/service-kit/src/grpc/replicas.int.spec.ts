import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { backendTo, getAccount, startAnswering } from './fakes/answering-service.js';
import type { GrpcBackend } from './grpc-backend.js';
import type { RunningGrpcService } from './start-grpc-service.js';

// A loaded machine is no fault of ours.
jest.setTimeout(60_000);

const CALLS = 60;
const running = new Set<RunningGrpcService>();
let backend: GrpcBackend;

const start = async (answer: () => Promise<{ id: string }>): Promise<RunningGrpcService> => {
  const service = await startAnswering(answer);
  running.add(service);
  return service;
};
const stop = async (service: RunningGrpcService): Promise<void> => {
  running.delete(service);
  await service.close();
};
afterEach(async () => {
  backend.close();
  for (const service of running) await stop(service);
});

const counting = (counts: number[], index: number) => async (): Promise<{ id: string }> => {
  counts[index]! += 1;
  return { id: String(index) };
};

describe('a context in several processes', () => {
  it('has its calls shared out', async () => {
    const counts = [0, 0];
    const services = await Promise.all([start(counting(counts, 0)), start(counting(counts, 1))]);
    backend = backendTo(services.map(({ port }) => port));
    await Promise.all(Array.from({ length: CALLS }, () => getAccount(backend)));
    for (let n = 0; n < CALLS; n += 1) await getAccount(backend);
    expect(counts[0]! + counts[1]!).toBe(2 * CALLS);
    for (const count of counts) expect(count).toBeGreaterThan(CALLS / 4);
  });

  it('loses no call while one of them stops, and goes on with the others', async () => {
    const counts = [0, 0];
    const [first, second] = await Promise.all([start(counting(counts, 0)), start(counting(counts, 1))]);
    backend = backendTo([first.port, second.port]);
    const caller = async (): Promise<void> => {
      for (let n = 0; n < CALLS; n += 1) await getAccount(backend);
    };
    const calling = Promise.all([caller(), caller(), caller(), caller()]);
    await getAccount(backend);
    await stop(first);
    await calling;
    expect(counts[0]! + counts[1]!).toBe(4 * CALLS + 1);
    expect(counts[1]).toBeGreaterThan(CALLS);
  });

  it('finishes what it has in hand before it stops, and then takes nothing', async () => {
    const inHand = Promise.withResolvers<{ id: string }>();
    const begun = Promise.withResolvers<void>();
    const service = await start(() => {
      begun.resolve();
      return inHand.promise;
    });
    backend = backendTo([service.port]);
    const call = getAccount(backend);
    await begun.promise;
    const stopped = stop(service);
    inHand.resolve({ id: 'done' });
    expect(await call).toMatchObject({ id: 'done' });
    await stopped;
    await expect(getAccount(backend)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
