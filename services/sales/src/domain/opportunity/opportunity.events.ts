import {
  type ChangeUndone,
  type DomainEvent,
  type EventCatalogue,
  type FieldPatch,
  type Money,
  UNCHANGED,
} from '@rapport/kernel';
import type { Opportunity, OpportunityFields, StageEntered } from './opportunity.fields.js';
import { opportunityUpcasts } from './opportunity.upcasts.js';

/** It is open from now on. */
export type OpportunityCreated = DomainEvent<
  'OpportunityCreated',
  OpportunityFields & StageEntered & { readonly pipelineId: string; readonly openedOn: string }
>;

/** What an edit may touch. `openedOn` is corrected by imports only: the API shows it and does not take it. */
export type OpportunityEdit = FieldPatch<
  OpportunityFields & { readonly probability: number; readonly openedOn: string }
>;

export type OpportunityEdited = DomainEvent<'OpportunityEdited', { readonly set: OpportunityEdit }>;

export type OpportunityMoved = DomainEvent<'OpportunityMoved', StageEntered & { readonly pipelineId: string }>;

/** `amount` only where it changed with the order. */
export type OpportunityWon = DomainEvent<
  'OpportunityWon',
  { readonly closedOn: string; readonly stageEnteredAt: string; readonly amount?: Money }
>;

export type OpportunityLost = DomainEvent<
  'OpportunityLost',
  {
    readonly closedOn: string;
    readonly stageEnteredAt: string;
    readonly reason: string;
    readonly notes?: string;
    readonly lostTo?: string;
  }
>;

export type OpportunityReopened = DomainEvent<'OpportunityReopened', StageEntered>;

/** The day on which its order was expected is over, and it was open still. */
export type OpportunityCameDue = DomainEvent<'OpportunityCameDue', { readonly expectedCloseOn: string }>;

export type OpportunityEvent =
  | OpportunityCreated
  | OpportunityEdited
  | OpportunityMoved
  | OpportunityWon
  | OpportunityLost
  | OpportunityReopened
  | OpportunityCameDue
  | DomainEvent<'OpportunityArchived', Record<string, never>>
  | DomainEvent<'OpportunityRestored', Record<string, never>>
  | DomainEvent<'OpportunityChangeUndone', ChangeUndone<Opportunity>>;

export const opportunityEvents: EventCatalogue<OpportunityEvent> = {
  OpportunityCreated: opportunityUpcasts.OpportunityCreated,
  OpportunityEdited: UNCHANGED,
  OpportunityMoved: opportunityUpcasts.OpportunityMoved,
  OpportunityWon: UNCHANGED,
  OpportunityLost: UNCHANGED,
  OpportunityReopened: opportunityUpcasts.OpportunityReopened,
  OpportunityCameDue: UNCHANGED,
  OpportunityArchived: UNCHANGED,
  OpportunityRestored: UNCHANGED,
  OpportunityChangeUndone: opportunityUpcasts.OpportunityChangeUndone,
};
