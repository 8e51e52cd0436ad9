import { beforeEach, describe, expect, it } from '@jest/globals';
import { streamName } from '@rapport/event-store';
import { DomainError, newId } from '@rapport/kernel';
import type { CarriedRequest } from './carried-request.js';
import { Bank, callBy, clock, TENANT, toOpen } from './fakes/bank.js';
import type { Asked } from './request.js';

const carried = (asked: Asked, commandId = newId(), from = 'shop'): CarriedRequest => {
  const { principal, correlationId } = callBy();
  const metadata = { tenant: TENANT, actor: principal.actor, correlationId, commandId, schemaVersion: 1 };
  return { from, commandId, eventId: newId(), asked, metadata: { ...metadata, occurredAt: clock.now().toISOString() } };
};

let bank: Bank;
beforeEach(() => {
  bank = new Bank();
  clock.set('2026-03-01T12:00:00.000Z');
});

/** What came of a request, and what stands in the account that it was for. */
const run = async (request: CarriedRequest) => {
  await bank.intake.take(request);
  await bank.runAll();
  const { record } = request.asked;
  const account = await bank.read(streamName('account', TENANT, record.id));
  return { ended: await bank.outcome(request.commandId), account: account.map(({ type }) => type), events: account };
};

const refusedWith = (code: string, more: object = {}) => [
  ['CommandRefused', { command: 'OpenAccount', code, ...more }],
];

describe('a command', () => {
  it('is run in the name of whoever it was asked for, and tells what came of it', async () => {
    const request = carried(toOpen('Ada'));
    const { ended, events } = await run(request);
    const recordId = request.asked.record.id;
    expect(ended).toEqual([['CommandDone', { command: 'OpenAccount', recordId, outcome: 'created' }]]);
    expect(events).toMatchObject([
      {
        type: 'AccountCreated',
        data: { owner: 'Ada' },
        metadata: { actor: callBy().principal.actor, correlationId: 'c1', commandId: request.commandId },
      },
    ]);
  });

  it('is run once, however often it comes and whatever was forgotten of how far one was', async () => {
    const [request, refused] = [carried(toOpen('Ada')), carried(toOpen('', undefined, { input: {} }))];
    bank.fails = async ({ input }) => {
      if (!input['owner'])
        throw new DomainError('invalid', 'owner-missing', 'Whose?', {
          fields: [{ pointer: '/owner', code: 'x', message: 'x' }],
        });
    };
    await run(request);
    expect((await run(refused)).ended).toEqual(refusedWith('owner-missing', { pointer: '/owner' }));
    const again = new Bank(bank.events, bank.events);
    for (const each of [request, refused, request]) await again.intake.take(each);
    await again.runAll();
    expect([again.calls.length, (await again.outcome(request.commandId)).length]).toEqual([0, 1]);
    expect(await again.outcome(refused.commandId)).toEqual(refusedWith('owner-missing', { pointer: '/owner' }));
  });

  it('is not run once it has expired, unless it was run before and killed over saying so', async () => {
    const [late, killed] = [carried(toOpen('Ada')), carried(toOpen('Bo'))];
    await bank.intake.take(killed);
    bank.failsAfterwards = () => Promise.reject(new DomainError('unavailable', 'killed', 'gone'));
    const dying = bank.runAll();
    while (bank.told.length === 0) await new Promise(setImmediate);
    clock.set('2026-03-01T13:00:00.000Z');
    bank.failsAfterwards = async () => undefined;
    await dying;
    expect(await bank.outcome(killed.commandId)).toMatchObject([['CommandDone', { outcome: 'created' }]]);
    const { ended, account } = await run(late);
    expect([ended, account]).toEqual([refusedWith('expired'), []]);
  });

  it.each<[string, CarriedRequest, string]>([
    ['nobody serves', carried(toOpen('Ada', undefined, { command: 'CloseAccount' })), 'unknown-command'],
    [
      'is named like a property of every object',
      carried(toOpen('Ada', undefined, { command: 'toString' })),
      'unknown-command',
    ],
    ['another context has no business to ask for', carried(toOpen('Ada'), undefined, 'stranger'), 'not-served'],
  ])('that %s is refused', async (_, request, code) => {
    const { ended, account } = await run(request);
    expect([ended, account]).toEqual([[['CommandRefused', { command: request.asked.command, code }]], []]);
  });

  it('that fails again and again is refused with the last failure, without saying what that said', async () => {
    let failures = 0;
    bank.fails = () => Promise.reject(new Error(`Ada's secret ${(failures += 1)}`));
    expect((await run(carried(toOpen('Ada')))).ended).toEqual(refusedWith('internal'));
    expect(failures).toBe(5);
  });

  it('waits for what is away, until it expires', async () => {
    let tries = 0;
    bank.fails = async () => {
      tries += 1;
      if (tries <= 6) throw new DomainError('unavailable', 'store-away', 'away');
    };
    expect((await run(carried(toOpen('Ada')))).ended).toMatchObject([['CommandDone', {}]]);
    bank.fails = () => {
      clock.set('2026-03-01T13:00:00.000Z');
      return Promise.reject(new DomainError('unavailable', 'store-away', 'away'));
    };
    expect((await run(carried(toOpen('Bo')))).ended).toEqual(refusedWith('expired'));
  });

  it('waits for those that were asked for the same record before, and for no others', async () => {
    const [slow, other] = [newId(), newId()];
    const requests = [toOpen('1', slow), toOpen('2', slow), toOpen('3', other)].map((asked) => carried(asked));
    for (const request of requests) await bank.intake.take(request);
    const begun: string[] = [];
    const go = Promise.withResolvers<void>();
    bank.fails = async ({ input }) => {
      begun.push(String(input['owner']));
      if (input['owner'] === '1') await go.promise;
      if (input['owner'] === '3') go.resolve();
    };
    await bank.runAll();
    expect(begun).toEqual(['1', '3', '2']);
    expect(await bank.outcome(requests[1]!.commandId)).toEqual(refusedWith('account-exists'));
  });
});

describe('what is no request', () => {
  const asked = toOpen('Ada');

  it.each<[string, CarriedRequest, string]>([
    ['for another context', carried({ ...asked, to: 'post' }), 'bad-request'],
    ['without an end', carried({ ...asked, expiresAt: 'never' }), 'bad-request'],
    ['without an id', carried(asked, 'command-1'), 'bad-request'],
    ['without a record', carried({ ...asked, record: undefined as never }), 'bad-request'],
  ])('is refused and writes nothing: %s', async (_, request, code) => {
    await expect(bank.intake.take(request)).rejects.toMatchObject({ code });
    expect(await bank.events.end()).toBe('0'.repeat(20));
  });

  it('is another one under an id that is taken', async () => {
    const request = carried(asked);
    await bank.intake.take(request);
    const other = carried(toOpen('Bo'), request.commandId);
    await expect(bank.intake.take(other)).rejects.toMatchObject({ code: 'command-id-taken' });
  });
});
