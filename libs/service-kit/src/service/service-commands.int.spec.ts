import { CommandBus } from '@nestjs/cqrs';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { type Answer, type Asked, FactsCommandExchange, type ServedCommand } from '@rapport/commands';
import { streamName } from '@rapport/event-store';
import { newId } from '@rapport/kernel';
import { FactsExchange } from '@rapport/processing';
import { RunCommand, type Step } from '../commands/run-command.js';
import { boat, by, harbour, moduleOf, yard } from './fakes/harbour-and-yard.js';
import { emptyDisk, enginesOf, Life, type Disk } from './fakes/mortal-engines.js';
import type { Provided, ServiceDefinition } from './service-definition.js';
import { startInProcess, type RunningService } from './start-service.js';

jest.setTimeout(120_000);

/** Lets boats in that have a name. */
const letIn = (provided: Provided): ServedCommand => ({
  from: ['yard'],
  run: async ({ commandId, record, input }, call) => {
    const decide = (state: never, at: never) => boat.decide.create(state, { name: String(input['name']) }, at);
    const steps = [{ name: 'LetIn', input, decide }] as unknown as Step<unknown, never>[];
    const order = { decider: boat as never, id: record.id, commandId, call, steps };
    await provided(CommandBus).execute(new RunCommand(order));
    return { recordId: record.id, outcome: 'created' };
  },
});

const asked: ServiceDefinition = { ...harbour, serves: (provided) => ({ LetIn: letIn(provided) }) };
const asking: ServiceDefinition = { ...yard, listens: {}, projections: [], reactions: () => [], asks: ['harbour'] };

let disks: { readonly asked: Disk; readonly asking: Disk };
let running: RunningService[];
beforeEach(() => {
  disks = { asked: emptyDisk(), asking: emptyDisk() };
  running = [];
});
afterEach(() => stop());

interface Lives {
  readonly asked: Life;
  readonly asking: Life;
}

const start = async (lives: Lives = { asked: new Life(), asking: new Life() }): Promise<RunningService> => {
  const exchange = new FactsExchange();
  const commands = new FactsCommandExchange();
  const open = async (definition: ServiceDefinition, disk: Disk, life: Life): Promise<RunningService> => {
    const service = await startInProcess(moduleOf(definition, enginesOf(disk, life, exchange, commands)));
    running.push(service);
    return service;
  };
  await open(asked, disks.asked, lives.asked);
  return open(asking, disks.asking, lives.asking);
};
const stop = async (): Promise<void> => {
  for (const service of running.splice(0).reverse()) await service.close();
};

const letInBoat = (id: string): Asked => ({
  to: 'harbour',
  command: 'LetIn',
  record: { aggregate: 'boat', id },
  input: { name: 'Aurora' },
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
});

/** Asks, and what came of it. */
const ask = async ({ runtime }: RunningService, commandId: string, request: Asked): Promise<Answer | undefined> => {
  const requests = runtime.commands.requests;
  await requests.ask(commandId, request, by());
  return (await requests.answers('main', [commandId], AbortSignal.timeout(60_000))).get(commandId);
};

const typesIn = async ({ events }: Disk, aggregate: string, id: string): Promise<readonly string[]> => {
  const types: string[] = [];
  for await (const { type } of events.read(streamName(aggregate, 'main', id))) types.push(type);
  return types;
};

/** Everything that there is of a command that was done. */
const expectDoneOnce = async (commandId: string, boatId: string): Promise<void> => {
  expect(await typesIn(disks.asking, 'request', commandId)).toEqual(['CommandRequested', 'CommandAnswered']);
  expect(await typesIn(disks.asked, 'command', commandId)).toEqual(['CommandReceived', 'CommandDone']);
  expect(await typesIn(disks.asked, 'boat', boatId)).toEqual(['BoatCreated']);
};

it('what one context asks of another is done, and the answer heard', async () => {
  const [commandId, boatId] = [newId(), newId()];
  const service = await start();
  const answer = await ask(service, commandId, letInBoat(boatId));
  expect(answer).toEqual({ outcome: 'done', result: { recordId: boatId, outcome: 'created' } });
  await expectDoneOnce(commandId, boatId);
});

it('a refusal is an answer too', async () => {
  const [first, second, boatId] = [newId(), newId(), newId()];
  const service = await start();
  await ask(service, first, letInBoat(boatId));
  expect(await ask(service, second, letInBoat(boatId))).toMatchObject({
    outcome: 'refused',
    problem: { code: 'boat-exists' },
  });
});

it.each(['asked', 'asking'] as const)(
  'nothing is lost or done twice wherever the %s context is killed',
  async (killed) => {
    const whole = { asked: new Life(), asking: new Life() };
    await ask(await start(whole), newId(), letInBoat(newId()));
    await stop();
    const { writes } = whole[killed];
    expect(writes).toBeGreaterThan(1);
    for (let last = 1; last <= writes; last += 1) {
      for (const lastIsDone of [false, true]) {
        disks = { asked: emptyDisk(), asking: emptyDisk() };
        const [commandId, boatId] = [newId(), newId()];
        const request = letInBoat(boatId);
        const life = new Life(last, lastIsDone);
        // Where it dies before it has started, nobody asks.
        await start({ asked: new Life(), asking: new Life(), [killed]: life })
          .then((service) => Promise.race([ask(service, commandId, request), dead(life)]))
          .catch(() => undefined);
        await stop();
        // An asker that goes on asks again, under the same id.
        expect(await ask(await start(), commandId, request)).toMatchObject({ outcome: 'done' });
        await stop();
        await expectDoneOnce(commandId, boatId);
      }
    }
  },
);

const dead = async (life: Life): Promise<void> => {
  while (!life.dead) await new Promise((resolve) => setTimeout(resolve, 1));
};
