import { type ContextName, contextNames } from '@rapport/contexts';
import { InMemoryEventStore } from '@rapport/event-store';
import type { Message, MessageBus } from '@rapport/message-bus';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { busExchange, topicOf } from '@rapport/processing';
import { salesService } from '@rapport/sales';
import {
  type Engines,
  PERSON_ERASURE,
  type PersonErasure,
  type RunningService,
  startInProcess,
} from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';
import { callBy, inMemoryEngines, simulatedTime, type SimulatedTime } from '@rapport/testing';
import { goldenAggregates } from '../golden/golden-aggregates.js';
import { recordOf } from '../golden/life-of-a-record.js';
import { type Invoke, storeGiven } from '../golden/golden-events.js';

/** Lets every service bring about each of its events, and gives the messages that reached the bus. */
export const publishedMessages = async (): Promise<readonly Message[]> => {
  const bus = new InMemoryMessageBus();
  const time = simulatedTime(Date.now());
  const services = new Map<ContextName, RunningService>();
  try {
    // All of them together, since some of what happens is what they tell each other.
    const { keys } = await inMemoryEngines();
    for (const name of contextNames) services.set(name, await start(name, bus, keys, time));
    for (const [name, service] of services) await lead(name, service, time);
    for (const { runtime } of services.values()) await runtime.settled();
    return await messagesOn(bus, contextNames.map(topicOf));
  } finally {
    await Promise.all([...services.values()].map((service) => service.close()));
    await bus.close();
  }
};

const start = async (
  name: ContextName,
  bus: MessageBus,
  keys: Engines['keys'],
  { clock, ticks }: SimulatedTime,
): Promise<RunningService> => {
  const events = new InMemoryEventStore(clock);
  const engines = await inMemoryEngines({ exchange: busExchange(bus), keys, clock, ticks, events });
  return startInProcess(contextModules[name].module({ ...engines, installed: contextNames }));
};

/** Through everything that can happen in a context. */
const lead = async (name: ContextName, service: RunningService, time: SimulatedTime): Promise<void> => {
  for (const golden of goldenAggregates.filter(({ context }) => context === name)) {
    await storeGiven(golden, service);
    const { id } = await golden.produce(invoking(service), time, service);
    await golden.erase?.(invoking(service), id, time, service);
  }
  if (name === 'sales') await eraseAsBefore(service);
  await service.runtime.settled();
};

/** Erasures began in sales as well before representatives were users: what that told is in logs that there are. */
const eraseAsBefore = async ({ backend, runtime }: RunningService): Promise<void> => {
  const representative = { name: 'Grace Hopper' };
  const { service } = recordOf(salesService, 'representative');
  const made: { readonly id?: string } = await backend.invoke(
    service,
    'createRepresentative',
    { representative },
    callBy({}),
  );
  await runtime.provided<PersonErasure>(PERSON_ERASURE).erase(made.id!, callBy({}));
};

/** Each call sees what the calls before it wrote. */
const invoking = ({ backend }: RunningService): Invoke => {
  let consistency: string | undefined;
  return async (service, method, request) => {
    const call = callBy({ consistency });
    const answer: object = await backend.invoke(service, method, request, call);
    consistency = call.answer.consistency ?? consistency;
    return answer;
  };
};

const messagesOn = async (bus: MessageBus, topics: readonly string[]): Promise<readonly Message[]> => {
  const messages: Message[] = [];
  const handle = async (message: Message): Promise<void> => void messages.push(message);
  const subscription = await bus.subscribe({ group: 'sample', topics, handle });
  await subscription.caughtUp();
  await subscription.close();
  return messages;
};
