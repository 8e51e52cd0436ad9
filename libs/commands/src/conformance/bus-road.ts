import { generateKeyPairSync } from 'node:crypto';
import { newId } from '@rapport/kernel';
import type { Message, MessageBus } from '@rapport/message-bus';
import { busCommandExchange } from '../bus-command-exchange.js';
import { commandsTopicOf, type Signing } from '../command-message.js';
import { contextSigning } from '../context-signing.js';
import type { CommandRoad } from './installation.js';

/** Who asks and is asked in the suite, each with a key of its own. */
const PAIRS = new Map(['shop', 'market', 'bank'].map((name) => [name, generateKeyPairSync('ed25519')]));
const known = new Map([...PAIRS].map(([name, { publicKey }]) => [name, [publicKey]]));

export const signingOf = (context: string): Signing => contextSigning({ own: PAIRS.get(context)!.privateKey, known });

/** Topics that the suite asks on. */
export const COMMAND_TOPICS = ['bank', 'post'].map(commandsTopicOf);

/** A bus as the road of the suite. */
export const roadOver = (bus: MessageBus): CommandRoad => ({
  exchangeOf: (context) => busCommandExchange(bus, signingOf(context)),
  lying: async () => (await messagesOn(bus)).map((message) => JSON.stringify(message)),
  close: () => bus.close(),
});

/** Everything that was ever asked of the bank. */
export const messagesOn = async (bus: MessageBus, topic = commandsTopicOf('bank')): Promise<readonly Message[]> => {
  const all: Message[] = [];
  const handle = async (each: Message): Promise<void> => void all.push(each);
  const subscription = await bus.subscribe({ group: newId(), topics: [topic], handle });
  await subscription.caughtUp();
  await subscription.close();
  return all;
};
