/** A fact in the business's language: past tense, subject in the name (`OpportunityWon`). The type is stored and never renamed. */
export interface DomainEvent<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/** Who caused an event. `id` is stable; `onBehalfOf` names the user behind an import, a key or a rule. */
export interface Actor {
  readonly kind: 'user' | 'apiKey' | 'import' | 'rule' | 'system';
  readonly id: string;
  readonly onBehalfOf?: string;
}

/** What is stored beside the data of every event. Times are RFC 3339 UTC with milliseconds. */
export interface EventMetadata {
  readonly tenant: string;
  readonly actor: Actor;
  /** One id for everything that one request set in motion. */
  readonly correlationId: string;
  /** The id of the event that led to this one, when a reaction acted. */
  readonly causationId?: string;
  /** The command that made the event; a repeated command finds its own events by it. */
  readonly commandId: string;
  /** Digest of the command's content, to tell an honest retry from a reused key. */
  readonly commandHash?: string;
  /** When it happened in the world; an import keeps the past's own dates. Never decreases within a stream. */
  readonly occurredAt: string;
  readonly traceparent?: string;
  readonly schemaVersion: number;
  /**
   * Set by the privacy layer when personal fields were sealed, see `libs/privacy`: one part per person; the text alone where
   * all are about the stream's own record.
   */
  readonly sealed?: string | readonly SealedPart[];
  /** True on reading when the key of somebody was destroyed: the personal fields about them are gone for ever. */
  readonly erased?: boolean;
}

/** Personal fields of an event that are about a person, or about several together, encrypted with their keys. */
export interface SealedPart {
  /** The id of the person. */
  readonly subject: string;
  /** Ids of the others that it is about as well: it takes the keys of all of them to open it. */
  readonly with?: readonly string[];
  /** The stream that the event was made in; a copy in another context's store lies elsewhere. */
  readonly origin: string;
  readonly text: string;
}

/** An event that is about to be stored. `id` is a UUID; repeating it with the same expected revision is an exact retry. */
export interface NewEvent<E extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: EventMetadata;
  /**
   * Ids of the people that personal fields are about, by the field that holds such an id or several: as the record's state has
   * them after the event, which may not repeat them. Read when the event is sealed, never stored.
   */
  readonly about?: Readonly<Record<string, string | readonly string[]>>;
  /** Names of fields that are not personal although what they stand among is: `custom.region`. Read when the event is sealed, never stored. */
  readonly inClear?: readonly string[];
}

/** An event as the store gives it back. */
export interface RecordedEvent<E extends DomainEvent = DomainEvent> extends Omit<NewEvent<E>, 'about' | 'inClear'> {
  readonly stream: string;
  /** 0-based place in its stream, dense. */
  readonly revision: number;
  readonly position: Position;
  /** When the store took it. */
  readonly recordedAt: string;
}

/**
 * Place of an event in the whole store: opaque, growing, with gaps. Twenty decimal digits, so that comparing two
 * positions as strings compares them as numbers in every engine. Never computed, only passed on.
 */
export type Position = string;

/** Before every event. */
export const START: Position = '0'.repeat(20);

/** Writes an engine's own number as a {@link Position}; only adapters call it. */
export const positionOf = (place: bigint | number): Position => place.toString().padStart(20, '0');
