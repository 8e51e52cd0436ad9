import { contactsModule } from '@rapport/contacts';
import { contextNames } from '@rapport/contexts';
import { salesV1 } from '@rapport/contracts';
import { InMemoryEventStore } from '@rapport/event-store';
import type { Message, MessageBus } from '@rapport/message-bus';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { topicOf } from '@rapport/processing';
import { salesModule } from '@rapport/sales';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines, simulatedTime, type SimulatedTime } from '@rapport/testing';
import { contactsGolden } from '../golden/contacts.golden.js';
import type { Invoke } from '../golden/golden-events.js';

/** Lets both services bring about each of their events, and gives the messages that reached the bus. */
export const publishedMessages = async (): Promise<readonly Message[]> => {
  const bus = new InMemoryMessageBus();
  const time = simulatedTime(Date.now());
  const { clock, ticks } = time;
  const engines = () => inMemoryEngines({ bus, clock, ticks, events: new InMemoryEventStore(clock) });
  const contacts = await startInProcess(contactsModule(await engines()));
  const sales = await startInProcess(salesModule(await engines()));
  try {
    for (const { produce, erase } of contactsGolden) {
      const { id } = await produce(invoking(contacts), time);
      await erase?.(invoking(contacts), id);
    }
    await salesHistory(invoking(sales), time);
    await Promise.all([contacts, sales].map(({ runtime }) => runtime.settled()));
    return await messagesOn(bus, contextNames.map(topicOf));
  } finally {
    await Promise.all([contacts.close(), sales.close()]);
    await bus.close();
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

const DAY = 86_400_000;
const USD = (major: number) => ({ minor: major * 100, currency: 'USD' });

const salesHistory = async (invoke: Invoke, time: SimulatedTime): Promise<void> => {
  const stages = [
    { name: 'Prospecting', probability: 10 },
    { name: 'Engaging', probability: 50 },
  ];
  const pipelineId = await lifeOf(invoke, 'Pipeline', { name: 'Hardware', stages }, { name: 'Machines' });
  await lifeOf(invoke, 'Product', { name: 'GTX Pro', price: USD(4_821) }, { price: USD(5_000) });
  await lifeOf(invoke, 'Representative', { name: 'Ada Lovelace', email: 'ada@example.org' }, { name: 'Ada King' });
  const racks = { name: 'Racks', pipelineId, amount: USD(1_000), expectedCloseOn: '2017-04-01' };
  const id = await lifeOf(invoke, 'Opportunity', racks, { amount: USD(900) });
  const work = (method: string, more: object = {}) => invoke(contractOf('Opportunity'), method, { id, ...more });
  await work('moveOpportunity', { stage: 'Engaging' });
  await work('winOpportunity', { amount: USD(950) });
  await work('reopenOpportunity');
  await work('loseOpportunity', { reason: 'Price' });
  await work('reopenOpportunity');
  const today = salesV1.Opportunity.fromPartial({ expectedCloseOn: time.clock.now().toISOString().slice(0, 10) });
  await work('updateOpportunity', { opportunity: today, updateMask: ['expectedCloseOn'] });
  time.advance(DAY);
  await time.passUntil('it came due', async () => {
    const { data } = (await work('listOpportunityHistory')) as { data?: readonly { type: string }[] };
    return data![0]!.type === 'OpportunityCameDue';
  });
};

type Noun = 'Pipeline' | 'Product' | 'Representative' | 'Opportunity';

const PLURALS = { Pipeline: 'Pipelines', Product: 'Products', Representative: 'Representatives' };

const contractOf = (noun: Noun): string =>
  `rapport.sales.v1.${noun === 'Opportunity' ? 'Opportunities' : PLURALS[noun]}Service`;

/** Created, edited, that change undone, archived and restored. */
const lifeOf = async (invoke: Invoke, noun: Noun, fields: object, changes: object): Promise<string> => {
  const [service, field] = [contractOf(noun), noun.toLowerCase()];
  const full = (part: object): object => salesV1[noun].fromPartial(part);
  const { id } = await invoke(service, `create${noun}`, { [field]: full(fields) });
  await invoke(service, `update${noun}`, { id, [field]: full(changes), updateMask: Object.keys(changes) });
  const history = (await invoke(service, `list${noun}History`, { id })) as { data?: readonly { eventId: string }[] };
  await invoke(service, `undo${noun}Change`, { id, eventId: history.data![0]!.eventId, laterChanges: 'refuse' });
  await invoke(service, `archive${noun}`, { id });
  await invoke(service, `restore${noun}`, { id });
  return id!;
};
