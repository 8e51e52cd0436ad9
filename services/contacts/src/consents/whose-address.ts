import { streamName } from '@rapport/event-store';
import { fold, type RecordedEvent } from '@rapport/kernel';
import type { ServiceRuntime } from '@rapport/service-kit';
import { addressForm } from '../addresses/address-keys.js';
import { addressesIn } from '../addresses/addresses-in.js';
import { contact, type ContactState } from '../domain/contact/contact.js';

/**
 * The id by which an address came to a person: of several contacts that are one, the one that had it when the survivor had not.
 * What is said about the address goes with that one when they are split.
 */
export const whoseAddress = async (
  { events }: Pick<ServiceRuntime, 'events'>,
  tenant: string,
  contactId: string,
  address: string,
): Promise<string> => {
  const historyOf = (id: string): Promise<readonly RecordedEvent[]> =>
    Array.fromAsync(events.read(streamName(contact.aggregate, tenant, id)));
  const history = await historyOf(contactId);
  const { mergedIds = [], merges = [] } = stateOf(history) ?? {};
  if (mergedIds.length === 0) return contactId;
  const isStanding = ({ type, data }: RecordedEvent): boolean =>
    type === 'ContactMerged' && merges.some(({ otherId }) => otherId === (data as { otherId?: string }).otherId);
  if (has(stateOf(history.slice(0, history.findIndex(isStanding))), address)) return contactId;
  for (const id of mergedIds) if (has(stateOf(await historyOf(id)), address)) return id;
  return contactId;
};

const stateOf = (history: readonly RecordedEvent[]): ContactState => fold(contact, history as never);

const has = (state: ContactState, address: string): boolean =>
  addressesIn({ ...state, ...state?.aside }).some((each) => addressForm(each.address) === addressForm(address));
