import { contactsV1 } from '@rapport/contracts';
import type { Actor } from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import {
  contractMessage,
  listedFields,
  personalFieldsOf,
  type Published,
  type RecordDocument,
  type RecordKind,
  recordProjection,
  type Records,
} from '@rapport/service-kit';
import type { ConsentEvent, ConsentFields } from '../domain/consent/consent.events.js';
import { consent, type ConsentState } from '../domain/consent/consent.js';

export type ConsentRecords = Records<ConsentState, ConsentEvent, ConsentFields, contactsV1.Consent>;

/** An entry as it is listed, with who recorded it and when. */
export type ConsentDocument = RecordDocument<ConsentState> & Recorded;

export interface Recorded {
  readonly recordedAt: string;
  readonly actor: Actor;
}

const MESSAGE = 'rapport.contacts.v1.Consent';
const shape = contractMessage(MESSAGE);
const personal = personalFieldsOf(MESSAGE);

const kind: RecordKind<ConsentState, ConsentEvent, ConsentFields, contactsV1.Consent> = {
  // Nobody asks it to be edited.
  decider: consent as unknown as ConsentRecords['kind']['decider'],
  message: contactsV1.Consent,
  outputOnly: shape.fields.filter(({ rules }) => rules.outputOnly).map(({ name }) => name),
};

const list = recordProjection<ConsentState, ConsentEvent>(consent, {
  name: 'consents',
  fields: listedFields(shape, ['text']),
  indexes: [['contactId'], ['addressKey']],
  personal,
});

const projection: Projection<ConsentDocument> = {
  ...(list as unknown as Projection<ConsentDocument>),
  fold: (document, event, id) => {
    const next = list.fold(document, event, id) as ConsentDocument | null;
    if (next === null || next === document) return document;
    const { recordedAt, actor } = document ?? { recordedAt: event.recordedAt, actor: event.metadata.actor };
    return { ...next, recordedAt, actor };
  },
};

/** The consent ledger: a kind of record that nothing edits, so it has only some of what others have. */
export const consents = { decider: consent, kind, personal, projection };

export const consentPublishes = {
  ConsentRecorded: ({ data }) => ({ type: 'ConsentRecorded', data: { consent: data } }),
  ConsentProofExpired: () => ({ type: 'ConsentProofExpired', data: {} }),
} satisfies Published<ConsentEvent>;
