import { timer, type TimeZone } from '@rapport/kernel';
import type { Day } from './day.js';
import { opportunity } from './opportunity.decide.js';
import type { OpportunityEvent } from './opportunity.events.js';
import type { OpportunityState } from './opportunity.js';

/** The expected day of closing passes: by the end of it the order is there, or the opportunity is overdue. */
export const expectedClose = timer<OpportunityState, OpportunityEvent>({
  decider: opportunity,
  name: 'expected-close',
  dueAt: (event, zone) => {
    const day = expectedIn(event);
    return day === undefined ? undefined : (zone.endOf(day ?? '') ?? null);
  },
  decide: opportunity.decide.comeDue,
});

/** A state that follows from a date is computed from it, whoever asks when; the timer only starts what has to be done. */
export const isOverdue = ({ status, archived, expectedCloseOn }: Dated, at: string, zone: TimeZone): boolean =>
  status === 'open' && !archived && expectedCloseOn !== undefined && expectedCloseOn < zone.dayOf(at);

interface Dated {
  readonly status: string;
  readonly archived: boolean;
  readonly expectedCloseOn?: Day | undefined;
}

/** null where it was emptied, undefined where nothing is said of it. */
const expectedIn = (event: OpportunityEvent): Day | null | undefined => {
  switch (event.type) {
    case 'OpportunityCreated':
      return event.data.expectedCloseOn;
    case 'OpportunityEdited':
    case 'OpportunityChangeUndone':
      return event.data.set.expectedCloseOn;
    default:
      return undefined;
  }
};
