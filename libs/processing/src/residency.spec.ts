import { expect, it } from '@jest/globals';
import { InMemoryBookkeeping } from '@rapport/event-store';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { InMemoryReadModelStore } from '@rapport/read-models';
import { keepFactsIn, keepMessagesIn, keepViewsIn } from './residency.js';

const message = { topic: 'rapport.contacts.v1', key: 'contact-main-1', headers: {}, value: '{}' };

it('keeps facts and views in the region that they are first opened in', async () => {
  const books = new InMemoryBookkeeping();
  const views = new InMemoryReadModelStore();
  for (const keep of [
    (region: string | null) => keepFactsIn(region, 'The facts of contacts', books),
    (region: string | null) => keepViewsIn(region, 'The views of contacts', views),
  ]) {
    await keep(null);
    await keep('eu');
    await keep('eu');
    await expect(keep('us')).rejects.toThrow(/contacts belongs? to region "eu", and this is region "us"\./);
    await expect(keep(null)).rejects.toThrow(/belongs? to region "eu", and no region is set here\./);
  }
});

it('takes no message of another region', async () => {
  const bus = new InMemoryMessageBus();
  const heard: string[] = [];
  const subscription = await keepMessagesIn('us', bus).subscribe({
    group: 'sales',
    topics: [message.topic],
    handle: async ({ key }) => void heard.push(key),
    retry: { attempts: 1 },
  });
  await keepMessagesIn('eu', bus).publish([message]);
  await keepMessagesIn('us', bus).publish([{ ...message, key: 'contact-main-2' }]);
  const publisher = await keepMessagesIn('us', bus).publisher('relay');
  await publisher.publish([{ ...message, key: 'contact-main-3' }]);
  // What was published before messages said so.
  await bus.publish([{ ...message, key: 'contact-main-4' }]);
  await subscription.caughtUp();
  expect(heard.sort()).toEqual(['contact-main-2', 'contact-main-3', 'contact-main-4']);
  await bus.close();
});
