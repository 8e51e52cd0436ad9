import { type EventStore, streamName } from '@rapport/event-store';
import { type DomainEvent, newId, type NewEvent, reject, timer } from '@rapport/kernel';
import type { DueTimer } from '../timer-events.js';

/** An invoice: the smallest thing that waits for a moment. */
export type InvoiceEvent =
  | DomainEvent<'InvoiceSent', { readonly dueAt?: string }>
  | DomainEvent<'InvoicePromised', { readonly dueAt: string | null }>
  | DomainEvent<'InvoicePaid', object>
  | DomainEvent<'InvoicePaymentReturned', object>
  | DomainEvent<'InvoiceFellDue', { readonly dueAt: string }>;

export type InvoiceState = { readonly dueAt: string | undefined; readonly paid: boolean } | null;

const evolve = (state: InvoiceState, event: InvoiceEvent): InvoiceState => {
  if (event.type === 'InvoiceSent') return { dueAt: event.data.dueAt, paid: false };
  if (!state) return state;
  if (event.type === 'InvoicePromised') return { ...state, dueAt: event.data.dueAt ?? undefined };
  if (event.type === 'InvoicePaid') return { ...state, paid: true };
  return event.type === 'InvoicePaymentReturned' ? { ...state, paid: false } : state;
};

export const TENANT = 'main';
export const recordOf = (invoice: string, tenant = TENANT): string => streamName('invoice', tenant, invoice);

export const payment = timer<InvoiceState, InvoiceEvent>({
  decider: { aggregate: 'invoice', initialState: null, evolve, events: {} as never, decide: {} },
  name: 'payment',
  dueAt: (event) => (event.type === 'InvoiceSent' || event.type === 'InvoicePromised' ? event.data.dueAt : undefined),
  decide: (state, { dueAt, then }) => {
    if (state?.dueAt !== dueAt) return reject('conflict', 'promised-anew', 'It is due at another time.');
    if (state.paid || then?.paid) return reject('conflict', 'already-paid', 'It was paid.');
    return [{ type: 'InvoiceFellDue', data: { dueAt } }];
  },
});

export const dueOf = (invoice: string, dueAt: string, tenant = TENANT): DueTimer => ({
  record: recordOf(invoice, tenant),
  timer: payment.name,
  dueAt,
});

/** Appends what somebody did to an invoice. */
export const happen = async (
  store: EventStore,
  invoice: string,
  { type, data }: InvoiceEvent,
  { at = new Date().toISOString(), tenant = TENANT } = {},
): Promise<void> => {
  const id = newId();
  const actor = { kind: 'user', id: 'ada' } as const;
  const metadata = { tenant, actor, correlationId: id, commandId: id, occurredAt: at, schemaVersion: 1 };
  const event: NewEvent = { id, type, data, metadata };
  await store.append(recordOf(invoice, tenant), [event], 'any');
};
