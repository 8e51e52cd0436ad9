import { it } from '@jest/globals';
import { InMemoryBookkeeping } from '@rapport/event-store';
import { newId, positionOf } from '@rapport/kernel';
import { commandExchangeSuite } from './conformance/command-exchange-suite.js';
import { type CommandRoad, Installation } from './conformance/installation.js';
import { FactsCommandExchange } from './facts-command-exchange.js';
import { callBy, toOpen } from './fakes/bank.js';

const road = async (): Promise<CommandRoad> => {
  const exchange = new FactsCommandExchange();
  return { exchangeOf: () => exchange, lying: async () => [], close: async () => undefined };
};

commandExchangeSuite('from the facts', road);

it('hears an asker whose facts were set back', async () => {
  const the = new Installation();
  the.open(await road());
  const books = new InMemoryBookkeeping();
  await books.saveCheckpoint('commands:shop', positionOf(1_000));
  the.carry();
  await the.attend(books);
  const id = newId();
  await the.shop.requests.ask(id, toOpen('Ada'), callBy());
  await the.until(() => the.isThere(id));
  await the.close();
});
