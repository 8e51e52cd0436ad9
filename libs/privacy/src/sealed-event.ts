import type { KeyObject } from 'node:crypto';
import { partsOf } from '@rapport/event-store';
import type { EventMetadata, NewEvent, RecordedEvent, SealedPart } from '@rapport/kernel';
import type { Subject } from './key-store.js';
import { idsOf, joinPersonal, type Parted, peopleOf } from './personal-fields.js';
import { open, seal } from './sealing.js';
import { keyOfAll } from './shared-key.js';

/** Keys of people by their ids. */
export type Keys = ReadonlyMap<string, KeyObject | 'destroyed'>;

/** An event as it is stored, and where that is less than what was given, what was kept of it. */
export interface Sealed {
  readonly stored: NewEvent;
  readonly kept?: NewEvent;
}

/**
 * Seals for each person what is about them, and for several together what is about all of them; what is about somebody whose
 * key is destroyed is left out. A text alone stands for a single part about the stream's own record.
 */
export const sealedEvent = (stream: string, event: NewEvent, { open: data, personal }: Parted, keys: Keys): Sealed => {
  const { id, type, metadata } = event;
  const own = partsOf(stream).id;
  const parts: SealedPart[] = [];
  for (const [people, values] of personal) {
    const [subject, ...others] = idsOf(people);
    const key = keyOfAll([subject, ...others].map((person) => keys.get(person)!));
    if (key === 'destroyed') continue;
    const text = seal(values, key, contextOf(stream, id));
    parts.push({ subject, ...(others.length > 0 && { with: others }), origin: stream, text });
  }
  const isOwn = parts.length === 1 && parts[0]!.subject === own && parts[0]!.with === undefined;
  const sealed = isOwn ? parts[0]!.text : parts;
  const stored = { id, type, data, metadata: parts.length === 0 ? metadata : { ...metadata, sealed } };
  if (parts.length === personal.size) return { stored };
  const rest = parts.map((part) => personal.get(peopleOf(peopleIn(part)))!);
  return { stored, kept: { id, type, data: rest.reduce(joinPersonal, data), metadata } };
};

export type SealedEvent = RecordedEvent & { readonly metadata: { readonly sealed: string | readonly SealedPart[] } };

export const isSealed = (event: RecordedEvent): event is SealedEvent => event.metadata.sealed !== undefined;

/** Whose keys it takes to open an event. */
export const subjectsOf = ({ stream, metadata: { sealed } }: SealedEvent): readonly Subject[] => {
  const { tenant, id } = partsOf(stream);
  if (typeof sealed === 'string') return [{ tenant, id }];
  return sealed.flatMap((part) => peopleIn(part).map((person) => ({ tenant, id: person })));
};

const peopleIn = (part: Pick<SealedPart, 'subject' | 'with'>): readonly string[] => [
  part.subject,
  ...(part.with ?? []),
];

/** Puts back what can be opened. @param keys of {@link subjectsOf}, in their order */
export const openedEvent = (event: SealedEvent, keys: readonly (KeyObject | 'destroyed')[]): RecordedEvent => {
  const { sealed, ...metadata } = event.metadata;
  let { data } = event;
  let erased = false;
  let taken = 0;
  partsIn(event.stream, sealed).forEach((part) => {
    const { origin, text } = part;
    const key = keyOfAll(keys.slice(taken, (taken += peopleIn(part).length)));
    if (key === 'destroyed') erased = true;
    else data = joinPersonal(data, open(text, key, contextOf(origin, event.id)));
  });
  return { ...event, data, metadata: erased ? { ...(metadata as EventMetadata), erased } : metadata };
};

const partsIn = (stream: string, sealed: string | readonly SealedPart[]): readonly SealedPart[] =>
  typeof sealed === 'string' ? [{ subject: partsOf(stream).id, origin: stream, text: sealed }] : sealed;

/** What a ciphertext is bound to: it opens in no other event, and in every copy of its own. */
const contextOf = (origin: string, eventId: string): string => `event ${eventId} of ${origin}`;
