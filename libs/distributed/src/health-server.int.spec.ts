import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { needed, type ReadinessPart } from '@rapport/service-kit';
import { HealthServer } from './health-server.js';
import { dependenciesOf } from './readiness.js';

let parts: readonly ReadinessPart[];
let health: HealthServer;

beforeEach(async () => {
  parts = [{ name: 'a', ready: true }];
  health = await HealthServer.open({
    ...{ host: '127.0.0.1', port: 0 },
    readiness: async () => ({ ready: parts.every(({ ready }) => ready), parts }),
    metrics: (_, response) => response.end('metrics'),
  });
});
afterEach(() => health.close());

const get = async (path: string): Promise<[number, unknown]> => {
  const answer = await fetch(`http://127.0.0.1:${health.port}${path}`);
  const text = await answer.text();
  return [answer.status, text.startsWith('{') ? JSON.parse(text) : text];
};

describe('a process without a public door', () => {
  it('says that it is alive, whatever its parts say', async () => {
    parts = [{ name: 'a', ready: false }];
    expect(await get('/healthz')).toEqual([200, { alive: true }]);
  });

  it('is ready when every part is', async () => {
    expect(await get('/readyz')).toEqual([200, { ready: true, parts }]);
    parts = [...parts, { name: 'b', ready: false, detail: 'gone' }];
    expect(await get('/readyz?x=1')).toEqual([503, { ready: false, parts }]);
  });

  it('shows its metrics, and nothing else', async () => {
    expect(await get('/metrics')).toEqual([200, 'metrics']);
    expect((await get('/'))[0]).toBe(404);
  });

  it('says which port it cannot have', async () => {
    const { port } = health;
    const second = HealthServer.open({
      host: '127.0.0.1',
      port,
      readiness: async () => ({ ready: true, parts: [] }),
      metrics: () => undefined,
    });
    await expect(second).rejects.toThrow(`127.0.0.1:${port}`);
  });

  it('tells why something cannot be worked with, and takes calls without what is not needed for them', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('It is away.'));
    const dependencies = await dependenciesOf([
      { name: 'store', needed: true, ask: async () => undefined },
      { name: 'bus', needed: false, ask: away },
    ]);
    expect(dependencies).toEqual([
      { name: 'store', needed: true, ready: true },
      { name: 'bus', needed: false, ready: false, detail: 'It is away.' },
    ]);
    expect(needed(dependencies)).toEqual([{ name: 'store', ready: true }]);
  });
});
