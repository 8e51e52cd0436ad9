import { REQUEST } from '@rapport/commands';
import { prefixOf, partsOf, streamName } from '@rapport/event-store';
import { DomainError, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { LeadEvent } from '../domain/lead/lead.events.js';
import { lead } from '../domain/lead/lead.js';
import { Conversions } from '../leads/conversions.js';
import { commandOf } from '../leads/opportunities-of-leads.js';

/** What a crash has left half done is done: a conversion, and taking one back. */
export const completeConversions = (provided: Provided): Reaction => ({
  name: 'complete-conversions',
  prefixes: [prefixOf(lead.aggregate)],
  types: ['LeadConverted', 'LeadConversionUndone'] satisfies readonly LeadEvent['type'][],
  react: async (event) => {
    const conversions = provided<Conversions>(Conversions);
    if (event.type === 'LeadConversionUndone') await conversions.completeUndo(event);
    // Refused, it has been taken back.
    else if (!(await isOver(provided, event))) await conversions.complete(event).catch(unlessRefused);
    return 'done';
  },
  readable: true,
});

/** A lead whose opportunity sales does not make is not converted, however late that answer comes. */
export const takeBackRefused = (provided: Provided): Reaction => ({
  name: 'take-back-refused-conversions',
  prefixes: [prefixOf(REQUEST)],
  types: ['CommandAnswered'],
  react: async (event) => {
    if ((event.data as { readonly outcome: string }).outcome !== 'refused') return 'done';
    const { events }: ServiceRuntime = provided(RUNTIME);
    const { tenant, id } = partsOf(event.stream);
    const [asked] = await Array.fromAsync(events.read(event.stream, { limit: 1 }));
    const leadId = (asked?.data as { readonly input?: { readonly leadId?: string } } | undefined)?.input?.leadId;
    if (leadId === undefined) return 'done';
    const history = await Array.fromAsync(events.read(streamName(lead.aggregate, tenant, leadId)));
    const converted = history.find((each) => commandOf(each) === id);
    if (converted) await provided<Conversions>(Conversions).settled(converted).catch(unlessRefused);
    return 'done';
  },
});

/** Taken back already: nothing is to be made any more. */
const isOver = async (provided: Provided, event: RecordedEvent): Promise<boolean> => {
  const { events }: ServiceRuntime = provided(RUNTIME);
  for await (const { type } of events.read(event.stream, { from: event.revision + 1 }))
    if (type === 'LeadConversionUndone') return true;
  return false;
};

const unlessRefused = (failure: unknown): void => {
  if (!(failure instanceof DomainError)) throw failure;
};
