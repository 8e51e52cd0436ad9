import type { DomainEvent } from './event.js';

/**
 * How the data of one version of an event says the same in the next version. Pure, and total: a stored fact cannot be
 * refused. Personal fields are absent where the event is read sealed or the person was erased.
 */
export type Upcast = (data: object) => object;

/**
 * Every event that an aggregate can make, each with its upcasts since its first version, oldest first: an event has one
 * version more than it has upcasts. Total, so that an event which is left out does not compile.
 */
export type EventCatalogue<E extends DomainEvent = DomainEvent> = { readonly [T in E['type']]: readonly Upcast[] };

/** An event whose data has been the same since it was first stored. */
export const UNCHANGED: readonly Upcast[] = [];

/** The version that is stored today. */
export const versionOf = (catalogue: EventCatalogue, type: string): number => 1 + (catalogue[type]?.length ?? 0);

/** The data as today's version has it. `version` is that of the data, from 1 up to today's. */
export const upcast = (upcasts: readonly Upcast[], version: number, data: object): object =>
  upcasts.slice(version - 1).reduce((present, next) => next(present), data);
