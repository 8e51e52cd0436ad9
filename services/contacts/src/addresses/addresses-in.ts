import type { RecordedEvent } from '@rapport/kernel';
import type { ContactFields } from '../domain/contact/contact.events.js';

/** An e-mail address or telephone number of a contact, and where it stands. */
export interface PlacedAddress {
  /** JSON pointer: `/otherEmails/0`. */
  readonly pointer: string;
  readonly address: string;
}

type Addressed = Partial<Pick<ContactFields, 'email' | 'phone' | 'otherEmails' | 'otherPhones'>>;

/** All that somebody is reached by; nulls stand for what a change takes away. */
export const addressesIn = (fields: object | null): readonly PlacedAddress[] => {
  const { email, phone, otherEmails, otherPhones } = (fields ?? {}) as Addressed;
  const one = (name: string, address: string | null | undefined) => (address ? [{ pointer: `/${name}`, address }] : []);
  const some = (name: string, addresses: readonly string[] | null | undefined) =>
    (addresses ?? []).map((address, n) => ({ pointer: `/${name}/${n}`, address }));
  return [
    ...one('email', email),
    ...one('phone', phone),
    ...some('otherEmails', otherEmails),
    ...some('otherPhones', otherPhones),
  ];
};

/** Each that events say, be it for a moment. */
export const addressesEver = (history: readonly Pick<RecordedEvent, 'data'>[]): readonly string[] => {
  const said = history.flatMap(({ data }) => [data, (data as { set?: object }).set ?? null]);
  return [...new Set(said.flatMap(addressesIn).map(({ address }) => address))];
};
