import { type ContextName, contextNames } from '@rapport/contexts';
import { InMemoryEventStore } from '@rapport/event-store';
import type { Message, MessageBus } from '@rapport/message-bus';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { busExchange, topicOf } from '@rapport/processing';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';
import { callBy, inMemoryEngines, simulatedTime, type SimulatedTime } from '@rapport/testing';
import { goldenAggregates } from '../golden/golden-aggregates.js';
import { type Invoke, storeGiven } from '../golden/golden-events.js';

/** Lets every service bring about each of its events, and gives the messages that reached the bus. */
export const publishedMessages = async (): Promise<readonly Message[]> => {
  const bus = new InMemoryMessageBus();
  const time = simulatedTime(Date.now());
  try {
    for (const name of contextNames) await lead(name, bus, time);
    return await messagesOn(bus, contextNames.map(topicOf));
  } finally {
    await bus.close();
  }
};

/** Through everything that can happen in a context. */
const lead = async (name: ContextName, bus: MessageBus, time: SimulatedTime): Promise<void> => {
  const { clock, ticks } = time;
  const engines = await inMemoryEngines({
    exchange: busExchange(bus),
    clock,
    ticks,
    events: new InMemoryEventStore(clock),
  });
  const service = await startInProcess(contextModules[name].module(engines));
  try {
    for (const golden of goldenAggregates.filter(({ context }) => context === name)) {
      await storeGiven(golden, service);
      const { id } = await golden.produce(invoking(service), time);
      await golden.erase?.(invoking(service), id, time);
    }
    await service.runtime.settled();
  } finally {
    await service.close();
  }
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
