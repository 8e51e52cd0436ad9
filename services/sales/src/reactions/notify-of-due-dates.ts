import { partsOf, prefixOf } from '@rapport/event-store';
import { fold } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { notify, type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { OpportunityEvent } from '../domain/opportunity/opportunity.events.js';

/** Whose opportunity has come due hears of it. */
export const notifyOfDueDates = (provided: Provided): Reaction => ({
  name: 'notify-of-due-dates',
  prefixes: [prefixOf(opportunity.aggregate)],
  types: ['OpportunityCameDue'] satisfies readonly OpportunityEvent['type'][],
  react: async (event) => {
    const { events }: ServiceRuntime = provided(RUNTIME);
    const history = await Array.fromAsync(events.read(event.stream));
    const to = fold(opportunity, history as unknown as readonly OpportunityEvent[])?.ownerId;
    const { aggregate: object, id: recordId } = partsOf(event.stream);
    if (to !== undefined) await notify(provided, event, { kind: 'due', to, object, recordId });
    return 'done';
  },
});
