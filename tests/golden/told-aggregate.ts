import type { DomainEvent, EventCatalogue } from '@rapport/kernel';
import type { PersonalField } from '@rapport/privacy';

/** A field, and whom it is about where that is not the record itself. */
export const markOf = (field: PersonalField): string =>
  typeof field === 'string' ? field : `${field.name} about ${field.about}`;

/** An aggregate whose events are made by the platform itself: its history is told here, as its vocabulary has it. */
export interface ToldAggregate {
  readonly context: string;
  readonly aggregate: string;
  readonly events: EventCatalogue;
  readonly commands?: readonly string[];
  readonly personal?: readonly string[];
  readonly told: readonly DomainEvent[];
}
