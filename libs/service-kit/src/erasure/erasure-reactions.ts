import { prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type AboutPerson, erasedType } from './erasure-facts.js';
import type { ErasurePartDone, PersonForgotten } from './erasure.events.js';
import type { Forgetting } from './forgetting.js';
import type { Receipts } from './receipts.js';

/** The reaction by which people of a kind are forgotten. */
export const forgettingOf = (aggregate: string): string => `forget-erased-${aggregate}`;

/** An erased person is forgotten: by this alone, however often the process dies over it, and for as long as it takes. */
export const forgetErased = (record: AboutPerson, forgetting: Forgetting): Reaction => ({
  name: forgettingOf(record.decider.aggregate),
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

/** Whoever is erased in another context is forgotten here as well, and that context hears what was done. */
export const answerErasures = (receipts: Receipts, prefixes: readonly string[]): Reaction => ({
  name: 'answer-erasures',
  prefixes,
  types: ['PersonForgotten'],
  react: async (event, signal) =>
    (await receipts.answer(event as RecordedEvent<PersonForgotten>, signal)) ? 'done' : 'retry',
  attempts: Infinity,
});

/** What other contexts did is noted with the erasure that they did it for. */
export const noteErasureParts = (receipts: Receipts, prefixes: readonly string[]): Reaction => ({
  name: 'note-erasure-parts',
  prefixes,
  types: ['ErasurePartDone'],
  react: async (event) => {
    await receipts.note(event as RecordedEvent<ErasurePartDone>);
    return 'done';
  },
  attempts: Infinity,
});

/** The receipt is signed once every context has said what it did. */
export const signErasureReceipt = (receipts: Receipts): Reaction => ({
  name: 'sign-erasure-receipt',
  prefixes: [prefixOf('erasure')],
  types: ['ErasureReceiptWritten', 'ErasurePartNoted'],
  react: async (event) => {
    await receipts.sign(event);
    return 'done';
  },
  attempts: Infinity,
});
