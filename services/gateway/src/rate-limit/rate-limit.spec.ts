import { describe, expect, it } from '@jest/globals';
import { fixedClock } from '@rapport/kernel';
import fc from 'fast-check';
import { openGateway } from '../testing/open-gateway.js';
import { TokenBucket } from './token-bucket.js';

const policy = { quota: 10, windowSeconds: 10 };

describe('a token bucket', () => {
  it('never gives more than its quota and what flowed in since', () => {
    const step = fc.record({ cost: fc.integer({ min: 1, max: 12 }), wait: fc.integer({ min: 0, max: 5000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const bucket = new TokenBucket(policy, 0);
        let [now, spent] = [0, 0];
        for (const { cost, wait } of steps) {
          now += wait;
          if (bucket.take(cost, now)) spent += cost;
          expect(spent).toBeLessThanOrEqual(policy.quota + now / 1000 + 1e-9);
        }
      }),
    );
  });

  it('says when enough is back', () => {
    const bucket = new TokenBucket(policy, 0);
    expect(bucket.take(10, 0)).toBe(true);
    expect(bucket.take(3, 0)).toBe(false);
    expect(bucket.secondsUntil(3)).toBe(3);
    expect(bucket.take(3, 3000)).toBe(true);
  });
});

describe('the limit at the door', () => {
  it('is told in headers, refuses what goes beyond, and lets the caller back in', async () => {
    let now = 0;
    const door = await openGateway({ ticks: () => now, config: { rateLimit: { quota: 3, windowSeconds: 10 } } });
    const first = await door.call('GET', '/v1/me');
    expect(first.headers.get('ratelimit-policy')).toBe('"default";q=3;w=10');
    expect(first.headers.get('ratelimit')).toBe('"default";r=2;t=4');
    await door.call('GET', '/v1/me');
    await door.call('GET', '/v1/me');
    const refused = await door.call('GET', '/v1/me');
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited', retryable: true } });
    expect(refused.headers.get('retry-after')).toBe('4');
    now = 4_000;
    expect((await door.call('GET', '/v1/me')).status).toBe(200);
    await door.close();
  });

  it('counts the rows of a batch, and every token by itself', async () => {
    const door = await openGateway({ ticks: () => 0, config: { rateLimit: { quota: 12, windowSeconds: 10 } } });
    const token = await door.tokenFor('sales');
    const rows = Array.from({ length: 200 }, (_, i) => ({ clientRef: String(i), create: {} }));
    const batch = await door.call('POST', '/v1/contacts:batch', { rows }, { authorization: token });
    expect(batch.headers.get('ratelimit')).toBe('"default";r=1;t=10');
    const again = await door.call('POST', '/v1/contacts:batch', { rows }, { authorization: token });
    expect(again.status).toBe(429);
    expect((await door.call('GET', '/v1/me')).status).toBe(200);
    await door.close();
  });

  it('lets everybody in after the clock was set back', async () => {
    const clock = fixedClock('2026-01-01T01:00:00Z');
    const door = await openGateway({ clock, config: { rateLimit: { quota: 10_000, windowSeconds: 10 } } });
    expect((await door.call('GET', '/v1/me')).status).toBe(200);
    clock.set('2026-01-01T00:00:00Z');
    expect((await door.call('GET', '/v1/me')).status).toBe(200);
    await door.close();
  });

  it('gives a tenant no more for more tokens, and other tenants theirs', async () => {
    const limits = { rateLimit: { quota: 5, windowSeconds: 10 }, tenantRateLimit: { quota: 8, windowSeconds: 10 } };
    const door = await openGateway({ ticks: () => 0, config: limits });
    const [second, other] = [await door.tokenFor('viewer'), await door.tokenFor('viewer')];
    const status = async (token: string) =>
      (await door.call('GET', '/v1/me', undefined, { authorization: token })).status;
    const answers: number[] = [];
    for (const token of [second, second, second, second, second, other, other]) answers.push(await status(token));
    expect(answers).toEqual([200, 200, 200, 200, 200, 200, 429]);
    await door.close();
  });
});
