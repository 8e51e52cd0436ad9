import { everythingOf } from '@rapport/access';
import { partsOf, prefixOf } from '@rapport/event-store';
import { DomainError, idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { or, where } from '@rapport/read-models';
import { PERSON_ERASURE, type PersonErasure, type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { ContactEvent } from '../domain/contact/contact.events.js';
import { contact } from '../domain/contact/contact.js';
import { lead } from '../domain/lead/lead.js';
import { leads } from '../records/leads.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
const MOST = 500;

/** Whoever is forgotten as a contact is forgotten as the leads that became that contact, too. */
export const forgetLeadsOfErased = (provided: Provided): Reaction => ({
  name: 'forget-leads-of-erased',
  prefixes: [prefixOf(contact.aggregate)],
  types: ['ContactErased'] satisfies readonly ContactEvent['type'][],
  react: async (event) => {
    const { tenant, id } = partsOf(event.stream);
    const runtime: ServiceRuntime = provided(RUNTIME);
    const list = runtime.projection(leads.projection);
    await list.reach(await runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const ids = [id, ...((event.data as { readonly furtherIds?: readonly string[] }).furtherIds ?? [])];
    const filter = or(...ids.map((each) => where('convertedContactId', '=', each)));
    const { documents } = await list.documents.query(everythingOf(tenant), { filter, limit: MOST });
    const erasure = provided<PersonErasure>(PERSON_ERASURE);
    for (const each of documents)
      await erasure.begin(each.id, callAfter(event, each.id), { aggregate: lead.aggregate }).catch(unlessHeld);
    return 'done';
  },
  attempts: Infinity,
});

/** One that is on legal hold of its own stays. */
const unlessHeld = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || failure.kind !== 'conflict') throw failure;
};

const callAfter = ({ id, metadata }: RecordedEvent, leadId: string) => ({
  principal: { tenant: metadata.tenant, actor: metadata.actor, roles: [] },
  correlationId: metadata.correlationId,
  causationId: id,
  requestId: idFrom(id, leadId),
  answer: {},
});
