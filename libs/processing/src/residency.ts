import { type Bookkeeping, type Entry } from '@rapport/event-store';
import { otherRegion, positionOf } from '@rapport/kernel';
import type { Message, MessageBus, OutgoingMessage, Publisher } from '@rapport/message-bus';
import { everythingOf } from '@rapport/access';
import type { CollectionDeclaration, Document, ReadModelStore } from '@rapport/read-models';

/** What a store says about where its data is kept: a mark in it, not a part of names that anything is bound to. */
interface Marked {
  readonly region: string;
}

/** In no tenant. */
const PLACE = { tenant: 'rapport', id: 'region' };

/**
 * Marks facts, and what lies beside them, with the region that they are first opened in.
 * @throws DomainError `other-region`
 */
export const keepFactsIn = async (region: string | null, what: string, books: Bookkeeping): Promise<void> => {
  if (region !== null) await books.change<Entry & Marked>(LIST, PLACE, (present) => present ?? { ...PLACE, region });
  const refusal = otherRegion(what, (await books.entry<Entry & Marked>(LIST, PLACE))?.region, region);
  if (refusal) throw refusal;
};

const LIST = 'residency';

/** The same for views. @throws DomainError `other-region` */
export const keepViewsIn = async (region: string | null, what: string, views: ReadModelStore): Promise<void> => {
  const collection = await views.collection(RESIDENCY);
  const found = await collection.get(everythingOf(PLACE.tenant), PLACE.id);
  const refusal = otherRegion(what, found?.region, region);
  if (refusal) throw refusal;
  if (found || region === null) return;
  const document = { ...PLACE, region };
  await views.write({ writes: [{ collection, ...PLACE, position: positionOf(1), document }] });
};

const RESIDENCY: CollectionDeclaration<Document & Marked> = { name: 'residency', fields: {}, indexes: [] };

/** Says of every message where its data is kept. */
export const REGION_HEADER = 'rapport-region';

/** A bus whose messages stay in their region: one of another is refused, and set aside like any that cannot be handled. */
export const keepMessagesIn = (region: string | null, bus: MessageBus): MessageBus => {
  const marked = (messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] =>
    region === null
      ? messages
      : messages.map((message) => ({ ...message, headers: { ...message.headers, [REGION_HEADER]: region } }));
  return {
    publish: (messages) => bus.publish(marked(messages)),
    publisher: async (name): Promise<Publisher> => {
      const publisher = await bus.publisher(name);
      return { publish: (messages) => publisher.publish(marked(messages)), close: () => publisher.close() };
    },
    subscribe: (options) => {
      const handle = async (message: Message, signal: AbortSignal): Promise<void> => {
        const refusal = otherRegion(`The message ${message.id}`, message.headers[REGION_HEADER], region);
        if (refusal) throw refusal;
        await options.handle(message, signal);
      };
      return bus.subscribe({ ...options, handle });
    },
    close: () => bus.close(),
  };
};
