import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, type List, type ProblemError, Rapport } from './support/index.js';

let rapport: Rapport;

beforeAll(async () => {
  rapport = await Rapport.start();
});
afterAll(() => rapport.stop());

const historyOf = async (path: string): Promise<readonly Fields[]> =>
  (await rapport.api.get<List<Fields>>(`${path}/history`)).data;

describe('one record that many change at once', () => {
  it('takes every change that names no revision', async () => {
    const { id } = await rapport.api.post<Fields>('/v1/accounts', { name: 'Acme' });
    const path = `/v1/accounts/${id}`;
    const names = Array.from({ length: 48 }, (_, n) => `Acme ${n}`);
    const answers = await Promise.all(names.map((name) => rapport.api.send('PATCH', path, { body: { name } })));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect((await historyOf(path))[0]).toMatchObject({ type: 'AccountEdited' });
    expect((await rapport.api.get<Fields>(path))['info']).toMatchObject({ revision: 48 });
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (method: 'POST' | 'PATCH', path: string, key: string, body: object) =>
    rapport.api.send(method, path, { body, headers: { 'Idempotency-Key': key } });

  it('of three creates at once with three contents stores one and refuses two', async () => {
    const names = ['Key one', 'Key two', 'Key three'];
    const outcomes = await Promise.allSettled(names.map((name) => keyed('POST', '/v1/accounts', 'three', { name })));
    const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as ProblemError] : []));
    expect(refused.map(({ problem }) => problem)).toEqual(
      Array(2).fill(expect.objectContaining({ status: 409, code: 'idempotency-key-reused' })),
    );
  });

  it('on two records makes two events, each with an id of its own', async () => {
    const ids: unknown[] = [];
    for (const name of ['Left', 'Right']) {
      const { id } = await rapport.api.post<Fields>('/v1/accounts', { name });
      const { status } = await keyed('PATCH', `/v1/accounts/${id}`, 'both', { sector: 'Boats' });
      expect(status).toBe(200);
      ids.push((await historyOf(`/v1/accounts/${id}`))[0]!['eventId']);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('under which nothing changed means that for good', async () => {
    const { id } = await rapport.api.post<Fields>('/v1/accounts', { name: 'Still' });
    const path = `/v1/accounts/${id}`;
    const first = await keyed('PATCH', path, 'still', { name: 'Still' });
    await rapport.api.patch(path, { name: 'Moved' });
    const again = await keyed('PATCH', path, 'still', { name: 'Still' });
    expect([again.body, again.headers.get('etag')]).toEqual([first.body, '"0"']);
    expect(await rapport.api.get(path)).toMatchObject({ name: 'Moved' });
  });
});
