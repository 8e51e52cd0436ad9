import type { Contract } from '../contract/contract.js';
import type { MessageShape } from '@rapport/service-kit';

/** What one context publishes. */
export interface PublishedEvents {
  /** `sales` */
  readonly context: string;
  readonly events: readonly MessageShape[];
}

export const publishedEvents = ({ events }: Contract): readonly PublishedEvents[] =>
  [...Map.groupBy(events.values(), ({ typeName }) => contextOf(typeName))].map(([context, ofContext]) => ({
    context,
    events: ofContext,
  }));

/** `rapport.sales.v1.OpportunityWon` is of the context `sales`. */
const contextOf = (typeName: string): string => typeName.split('.')[1] ?? '';

/** Its name in the document, where those of all contexts stand together: `sales.OpportunityWon`. */
export const messageName = (context: string, event: string): string => `${context}.${event}`;
