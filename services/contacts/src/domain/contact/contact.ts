import {
  isVisible,
  recordDecider,
  reject,
  UNCHANGED,
  type Decider,
  type Decision,
  type RecordCommands,
  type RecordStatus,
} from '@rapport/kernel';
import type { ContactEvent, ContactFields } from './contact.events.js';

/** `erased` is there once the person was forgotten; the personal fields are not there any more then. */
export type ContactState = (ContactFields & RecordStatus & { readonly erased?: true }) | null;

export interface ContactCommands extends RecordCommands<ContactFields> {
  erase: { readonly receiptId: string };
}

/** What says nothing about a person, and so is left when the person is erased. */
export const KEPT_ON_ERASURE = [
  'accountId',
  'ownerId',
  'tags',
  'externalId',
] as const satisfies readonly (keyof ContactFields)[];

const record = recordDecider<'Contact', ContactFields>('contact', 'Contact', (fields, before) =>
  isFindable(fields) || (before !== null && !isFindable(before))
    ? undefined
    : reject(
        'invalid',
        'nameless',
        'A contact needs a first name, last name, e-mail address or phone number.',
        '/lastName',
      ),
);

const isFindable = ({ firstName, lastName, email, phone }: ContactFields): boolean =>
  [firstName, lastName, email, phone].some(isVisible);

const evolve = (state: ContactState, event: ContactEvent): ContactState => {
  if (event.type !== 'ContactErased') return record.evolve(state, event);
  const kept = Object.entries(state ?? {}).filter(([name]) => (KEPT_ON_ERASURE as readonly string[]).includes(name));
  return { ...(Object.fromEntries(kept) as ContactFields), archived: true, erased: true };
};

/** Nothing can be added to a person who was forgotten. */
const gone = (state: ContactState): Decision<never> | undefined =>
  state?.erased
    ? reject('gone', 'erased', 'This person was erased. Nothing can be added to the record; create a new one.')
    : undefined;

/** A person: a plain record with a name or an address, that can be forgotten. */
export const contact: Decider<ContactState, ContactEvent, ContactCommands> = {
  aggregate: 'contact',
  events: { ...record.events, ContactErased: UNCHANGED },
  initialState: null,
  evolve,
  final: gone,
  sound: record.sound!,
  decide: {
    create: record.decide.create,
    archive: record.decide.archive,
    edit: (state, command, at) => gone(state) ?? record.decide.edit(state, command, at),
    restore: (state, command, at) => gone(state) ?? record.decide.restore(state, command, at),
    erase: (state, { receiptId }, { id }) => {
      if (!state)
        return reject('not-found', 'contact-not-found', `There is no contact ${id}. Check the id, or list them.`);
      return state.erased ? [] : [{ type: 'ContactErased', data: { receiptId } }];
    },
  },
};
