import { prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type AboutPerson, erasedType } from './erasure-facts.js';
import type { PersonForgotten } from './erasure.events.js';
import type { Forgetting } from './forgetting.js';
import type { Receipts } from './receipts.js';

/** An erased person is forgotten: by this alone, however often the process dies over it, and for as long as it takes. */
export const forgetErased = (record: AboutPerson, forgetting: Forgetting): Reaction => ({
  name: `forget-erased-${record.decider.aggregate}`,
  prefixes: [prefixOf(record.decider.aggregate)],
  types: [erasedType(record)],
  react: async (event, signal) => ((await forgetting.forget(event, signal)) ? 'done' : 'retry'),
  attempts: Infinity,
});

/** A person's erasure is confirmed once no document says anything about them, in those being built either. */
export const writeErasureReceipt = (receipts: Receipts): Reaction => ({
  name: 'write-erasure-receipt',
  prefixes: [prefixOf('erasure')],
  types: ['PersonForgotten'],
  react: async (event, signal) =>
    (await receipts.write(event as RecordedEvent<PersonForgotten>, signal)) ? 'done' : 'retry',
  attempts: Infinity,
});
