import { NO_TENANT } from '@rapport/access';
import { type Bookkeeping, type EventStore, partsOf, prefixOf, streamName } from '@rapport/event-store';
import { type NewEvent, type RecordedEvent, START } from '@rapport/kernel';
import { appendExactly } from '@rapport/service-kit';
import { placeIdOf } from '../access/keys/nameless-secrets.js';
import { apiKey } from '../domain/api-key/api-key.js';
import { namelessSecret } from '../domain/nameless-secret/nameless-secret.js';

/** Where identity keeps what it stores. */
interface Identity {
  readonly events: EventStore;
  readonly books: Bookkeeping;
}

/** Tokens as gateways stored them, before they were keys of identity. */
interface FormerTokens {
  readonly events: EventStore;
  close(): Promise<void>;
}

const ACCESS_TOKEN = 'accessToken';
const LIST = 'adopted';
const ONCE = { tenant: NO_TENANT, id: 'access-tokens' };

/** What became of the events that there were of a token. */
const TYPES: Readonly<Record<string, string>> = {
  AccessTokenIssued: 'ApiKeyIssued',
  AccessTokenRevoked: 'ApiKeyRevoked',
};

/**
 * Makes keys of the tokens of an earlier program, once: each event in its own place, under its own id, so that whoever does it
 * again after a sudden end, or at the same time, does nothing twice. To be awaited before anybody is asked for.
 * @param open called only where it was not done before; undefined where there is nothing to adopt
 */
export const adoptTokens = async (
  { events, books }: Identity,
  open: () => Promise<FormerTokens | undefined>,
): Promise<void> => {
  if (await books.entry(LIST, ONCE)) return;
  const former = await open();
  try {
    if (former) for await (const event of everyTokenEvent(former.events)) await adopt(events, event);
  } finally {
    await former?.close();
  }
  await books.change(LIST, ONCE, () => ONCE);
};

async function* everyTokenEvent(events: EventStore): AsyncGenerator<RecordedEvent> {
  const enough = new AbortController();
  const pages = events.follow({ prefixes: [prefixOf(ACCESS_TOKEN)], after: START, signal: enough.signal });
  for await (const page of pages) {
    yield* page.events;
    if (page.caughtUp) break;
  }
  enough.abort();
}

const adopt = async (events: EventStore, token: RecordedEvent): Promise<void> => {
  const { id, data, metadata, stream, revision } = token;
  const { tenant, id: keyId } = partsOf(stream);
  const key: NewEvent = { id, type: TYPES[token.type]!, data, metadata };
  const expected = revision === 0 ? 'no-stream' : revision - 1;
  await appendExactly(events, streamName(apiKey.aggregate, tenant, keyId), [key], expected);
  const { digest } = data as { readonly digest?: string };
  if (digest === undefined) return;
  const place = placeIdOf(digest);
  const placed = { ...metadata, tenant: NO_TENANT };
  const event = { id: place, type: 'SecretPlaced', data: { tenant, keyId }, metadata: placed };
  await appendExactly(events, streamName(namelessSecret.aggregate, NO_TENANT, place), [event], 'no-stream');
};
