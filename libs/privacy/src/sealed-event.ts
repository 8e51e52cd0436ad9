import type { KeyObject } from 'node:crypto';
import { partsOf } from '@rapport/event-store';
import type { EventMetadata, NewEvent, RecordedEvent, SealedPart } from '@rapport/kernel';
import type { Subject } from './key-store.js';
import { joinPersonal, type Parted } from './personal-fields.js';
import { open, seal } from './sealing.js';

/** Keys of people by their ids. */
export type Keys = ReadonlyMap<string, KeyObject | 'destroyed'>;

/** An event as it is stored, and where that is less than what was given, what was kept of it. */
export interface Sealed {
  readonly stored: NewEvent;
  readonly kept?: NewEvent;
}

/**
 * Seals for each person what is about them; what is about somebody whose key is destroyed is left out. A text alone stands
 * for a single part about the stream's own record.
 */
export const sealedEvent = (stream: string, event: NewEvent, { open: data, personal }: Parted, keys: Keys): Sealed => {
  const { id, type, metadata } = event;
  const own = partsOf(stream).id;
  const parts: SealedPart[] = [];
  for (const [subject, values] of personal) {
    const key = keys.get(subject)!;
    if (key !== 'destroyed') parts.push({ subject, origin: stream, text: seal(values, key, contextOf(stream, id)) });
  }
  const sealed = parts.length === 1 && parts[0]!.subject === own ? parts[0]!.text : parts;
  const stored = { id, type, data, metadata: parts.length === 0 ? metadata : { ...metadata, sealed } };
  if (parts.length === personal.size) return { stored };
  const rest = parts.map(({ subject }) => personal.get(subject)!);
  return { stored, kept: { id, type, data: rest.reduce(joinPersonal, data), metadata } };
};

export type SealedEvent = RecordedEvent & { readonly metadata: { readonly sealed: string | readonly SealedPart[] } };

export const isSealed = (event: RecordedEvent): event is SealedEvent => event.metadata.sealed !== undefined;

/** Whose keys it takes to open an event. */
export const subjectsOf = ({ stream, metadata: { sealed } }: SealedEvent): readonly Subject[] => {
  const { tenant, id } = partsOf(stream);
  return typeof sealed === 'string' ? [{ tenant, id }] : sealed.map(({ subject }) => ({ tenant, id: subject }));
};

/** Puts back what can be opened. @param keys of {@link subjectsOf}, in their order */
export const openedEvent = (event: SealedEvent, keys: readonly (KeyObject | 'destroyed')[]): RecordedEvent => {
  const { sealed, ...metadata } = event.metadata;
  let { data } = event;
  let erased = false;
  partsIn(event.stream, sealed).forEach(({ origin, text }, n) => {
    const key = keys[n]!;
    if (key === 'destroyed') erased = true;
    else data = joinPersonal(data, open(text, key, contextOf(origin, event.id)));
  });
  return { ...event, data, metadata: erased ? { ...(metadata as EventMetadata), erased } : metadata };
};

const partsIn = (stream: string, sealed: string | readonly SealedPart[]): readonly Omit<SealedPart, 'subject'>[] =>
  typeof sealed === 'string' ? [{ origin: stream, text: sealed }] : sealed;

/** What a ciphertext is bound to: it opens in no other event, and in every copy of its own. */
const contextOf = (origin: string, eventId: string): string => `event ${eventId} of ${origin}`;
