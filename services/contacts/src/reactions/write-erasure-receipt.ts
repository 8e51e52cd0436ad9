import { prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import type { PersonForgotten } from '../domain/erasure/erasure.events.js';
import type { Receipts } from '../erasure/receipts.js';

/** A person's erasure is confirmed once no document says anything about them, in those being built either. */
export const writeErasureReceipt = (receipts: Receipts): Reaction => ({
  name: 'write-erasure-receipt',
  prefixes: [prefixOf('erasure')],
  types: ['PersonForgotten'],
  react: async (event, signal) =>
    (await receipts.write(event as RecordedEvent<PersonForgotten>, signal)) ? 'done' : 'retry',
  attempts: Infinity,
});
