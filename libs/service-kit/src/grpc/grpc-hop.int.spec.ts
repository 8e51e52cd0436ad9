import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CallContext, DomainError } from '@rapport/kernel';
import { ACCOUNTS, type Answer, backendTo, callBy, getAccount, startAnswering } from './fakes/answering-service.js';
import type { GrpcBackend } from './grpc-backend.js';
import type { RunningGrpcService } from './start-grpc-service.js';

const seen: CallContext[] = [];
let answer: Answer;
let service: RunningGrpcService;
let backend: GrpcBackend;

beforeAll(async () => {
  service = await startAnswering((request, call) => {
    seen.push(call);
    return answer(request, call);
  });
  backend = backendTo([service.port]);
});
afterAll(async () => {
  backend.close();
  await service.close();
});

const get = (call: CallContext, by = backend): Promise<object> => getAccount(by, call);

const failureOf = async (answer: Promise<object>): Promise<DomainError> => {
  try {
    await answer;
  } catch (failure) {
    return failure as DomainError;
  }
  throw new Error('The call was expected to fail, and did not.');
};

describe('a call over gRPC', () => {
  it('arrives with its circumstances and returns with its answer and marks', async () => {
    answer = async ({ id }, call) => {
      call.answer.revision = 7;
      call.answer.consistency = 'contacts:00000000000000000042';
      return { id, name: 'Zoë & Söhne 🎉', tags: ['vip'] };
    };
    const call = callBy({ idempotencyKey: 'k', expectedRevision: 0, consistency: 'x', traceparent: '00-a-b-01' });
    expect(await get(call)).toMatchObject({ id: 'a1', name: 'Zoë & Söhne 🎉', tags: ['vip'] });
    expect(call.answer).toEqual({ revision: 7, consistency: 'contacts:00000000000000000042' });
    const { signal, answer: _, ...circumstances } = seen.at(-1)!;
    expect(circumstances).toEqual({
      ...{
        principal: call.principal,
        correlationId: 'c-1',
        idempotencyKey: 'k',
        expectedRevision: 0,
        consistency: 'x',
      },
      ...{ traceparent: '00-a-b-01', requestId: expect.stringMatching(/^[0-9a-f-]{14}7/) },
    });
    expect(signal!.aborted).toBe(false);
  });

  it('that is refused is refused in the same words', async () => {
    const details = {
      fields: [{ pointer: '/name', code: 'bad', message: 'Ä \ud800' }],
      currentRevision: 3,
      retryAfterSeconds: 2,
    };
    let times = 0;
    answer = async () => {
      times += 1;
      throw new DomainError('not-caught-up', 'behind', 'Not yet: Ω \ud800', details);
    };
    const failure = await failureOf(get(callBy()));
    expect(failure).toBeInstanceOf(DomainError);
    expect(failure).toMatchObject({ kind: 'not-caught-up', code: 'behind', message: 'Not yet: Ω \ufffd' });
    expect(failure.details).toEqual({ ...details, fields: [{ pointer: '/name', code: 'bad', message: 'Ä \ufffd' }] });
    expect(times).toBe(1);
  });

  it('that fails says nothing about why', async () => {
    answer = async () => {
      throw new Error('the password is hunter2');
    };
    const failure = await failureOf(get(callBy()));
    expect(failure).toMatchObject({ kind: 'internal', code: 'internal' });
    expect(JSON.stringify(failure) + failure.message).not.toContain('hunter2');
  });

  it('ends at its deadline, and with its caller', async () => {
    const forever = Promise.withResolvers<{ id: string }>();
    const aborted = Promise.withResolvers<void>();
    answer = (_, { signal }) => {
      signal!.addEventListener('abort', () => aborted.resolve());
      return forever.promise;
    };
    const hasty = backendTo([service.port], { deadlineMilliseconds: 50 });
    await expect(get(callBy(), hasty)).rejects.toMatchObject({ kind: 'unavailable', code: 'deadline' });
    await aborted.promise;
    hasty.close();
    const leaving = new AbortController();
    const left = get(callBy({ signal: leaving.signal }));
    leaving.abort();
    await expect(left).rejects.toMatchObject({ kind: 'unavailable' });
    forever.resolve({ id: '' });
  });

  it('of somebody who is not the gateway reaches no handler', async () => {
    const stranger = backendTo([service.port], { key: generateKeyPairSync('ed25519').privateKey });
    const call = callBy({ correlationId: 'stranger' });
    await expect(get(call, stranger)).rejects.toMatchObject({ kind: 'internal', code: 'gateway-not-trusted' });
    expect(seen.map(({ correlationId }) => correlationId)).not.toContain('stranger');
    stranger.close();
  });

  it('of a caller who may not reaches no handler, though the gateway let it pass', async () => {
    const viewer = { tenant: 'main', actor: { kind: 'user' as const, id: 'vic' }, roles: ['viewer'] };
    const archive = callBy({ principal: viewer, correlationId: 'viewer' });
    const failure = await failureOf(backend.invoke(ACCOUNTS, 'archiveAccount', { id: 'a1' }, archive));
    expect(failure).toMatchObject({ kind: 'forbidden', code: 'permission-missing' });
    expect(seen.map(({ correlationId }) => correlationId)).not.toContain('viewer');
    answer = async ({ id }) => ({ id });
    expect(await get(callBy({ principal: viewer }))).toMatchObject({ id: 'a1' });
  });

  it('to nobody says that the outcome is not known', async () => {
    const lost = backendTo([1]);
    await expect(get(callBy(), lost)).rejects.toMatchObject({ kind: 'unavailable', code: 'context-unavailable' });
    lost.close();
  });
});
