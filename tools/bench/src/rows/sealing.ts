import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { contactsService } from '@rapport/contacts';
import type { EventStore, Page } from '@rapport/event-store';
import { type NewEvent, type RecordedEvent, START } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore, SealedEventStore } from '@rapport/privacy';
import type { Bench } from '../row.js';
import { contactEvents } from '../workplace/events.js';

const WARM_UP = 5_000;

/** What sealing adds to an event: everything but the store and the keys. */
export const sealing: Bench = {
  name: 'sealing',
  async measure(workplace) {
    const count = workplace.quick ? 10_000 : 50_000;
    const ours = await sealed(count);
    const bare = encrypted(count);
    const micro = (value: number): string => `${value.toFixed(1)} µs`;
    return [
      {
        what: 'sealing an event’s personal fields',
        figure: `seal ${micro(ours.seal)}, open ${micro(ours.open)} per event`,
        limit: `AES-256-GCM alone: ${micro(bare.seal)}, ${micro(bare.open)}`,
        ratio: (bare.seal + bare.open) / (ours.seal + ours.open),
        aim: '',
        notes: [
          `${count} contacts of eight personal values through the sealing store onto one that only keeps them; keys in memory. Writing is one event per append, reading is by pages of 500.`,
          'AES-256-GCM alone: Node’s cipher over the same text, with a nonce, authenticated data and base64.',
        ],
      },
    ];
  },
};

/** Microseconds per event. */
interface Cost {
  readonly seal: number;
  readonly open: number;
}

const sealed = async (count: number): Promise<Cost> => {
  const kept: RecordedEvent[] = [];
  const store = new SealedEventStore(
    keeping(kept),
    new CachedKeyStore(new InMemoryKeyStore(), { most: count * 2 }),
    contactsService.personal ?? {},
  );
  const events = contactEvents(0, count + WARM_UP);
  const write = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 1) await store.append(events[n]!.stream, [events[n]!.event], 'no-stream');
  };
  const read = async (): Promise<void> => {
    for await (const _ of store.follow({ prefixes: [], after: START, signal: new AbortController().signal }));
  };
  // Twice: the first time makes the keys.
  await write(0, events.length);
  kept.length = 0;
  await write(0, WARM_UP);
  await read();
  const seal = (await microseconds(() => write(WARM_UP, events.length))) / count;
  const open = (await microseconds(read)) / kept.length;
  return { seal, open };
};

/** A store that does nothing but keep what it is given. */
const keeping = (kept: RecordedEvent[]): EventStore => ({
  async append(stream, events: readonly NewEvent[]) {
    for (const event of events) kept.push({ ...event, stream, revision: 0, position: START, recordedAt: '' });
    return { revision: 0, position: START };
  },
  async *read() {},
  async *follow(): AsyncGenerator<Page> {
    for (let n = 0; n < kept.length; n += 500)
      yield { events: kept.slice(n, n + 500), position: START, caughtUp: false };
  },
  end: async () => START,
  lacks: async () => false,
  removeTenant: async () => ({ streams: 0, events: 0 }),
  async close() {},
});

/** The cipher alone. */
export const encrypted = (count: number): Cost => {
  const text = JSON.stringify(contactEvents(0, 1)[0]!.event.data);
  const context = Buffer.from(
    'event 01940000-0000-7000-8000-000000000001 of contact-main-01940000-0000-7000-8000-000000000002',
  );
  const [key, nonce] = [createSecretKey(randomBytes(32)), randomBytes(12)];
  let sealed = '';
  const seal = (): void => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context);
    sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  };
  const open = (): void => {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(context).setAuthTag(bytes.subarray(-16));
    JSON.parse(decipher.update(bytes.subarray(0, -16)).toString() + decipher.final('utf8'));
  };
  const each = (work: () => void): number => {
    for (let n = 0; n < WARM_UP; n += 1) work();
    const began = performance.now();
    for (let n = 0; n < count; n += 1) work();
    return ((performance.now() - began) * 1_000) / count;
  };
  return { seal: each(seal), open: each(open) };
};

const microseconds = async (work: () => Promise<void>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) * 1_000;
};
