import { type Decider, missing, reject, type Rejection, timer, UNCHANGED } from '@rapport/kernel';
import type { ConsentEvent, ConsentFields } from './consent.events.js';

/** An entry; `expired` once nothing proves it any more. */
export type ConsentState = (ConsentFields & { readonly archived: false; readonly expired?: true }) | null;

export interface ConsentCommands {
  record: ConsentFields;
  expire: Record<string, never>;
}

const evolve = (state: ConsentState, event: ConsentEvent): ConsentState => {
  if (event.type === 'ConsentRecorded') return { ...event.data, archived: false };
  if (state === null) return null;
  const { addressKey: _, textVersion: __, text: ___, source: ____, ...rest } = state;
  return { ...rest, expired: true };
};

/** An entry of the consent ledger. It is recorded once, and nothing edits it; its proof expires. */
export const consent: Decider<ConsentState, ConsentEvent, ConsentCommands> = {
  aggregate: 'consent',
  events: { ConsentRecorded: UNCHANGED, ConsentProofExpired: UNCHANGED },
  initialState: null,
  evolve,
  decide: {
    record: (state, fields) =>
      state
        ? reject('already-exists', 'consent-exists', 'There is already an entry with this id. Record another one.')
        : (unsound(fields) ?? [{ type: 'ConsentRecorded', data: fields }]),
    expire: (state, _, at) => {
      if (!state) return missing(consent.aggregate, at);
      return state.expired ? [] : [{ type: 'ConsentProofExpired', data: {} }];
    },
  },
};

/** The proof is kept until its end, and not a moment longer, whether the person was erased or not. */
export const endOfProof = timer<ConsentState, ConsentEvent>({
  decider: consent,
  name: 'end-of-proof',
  dueAt: (event) => (event.type === 'ConsentRecorded' ? event.data.expiresAt : null),
  decide: (state, _, at) => consent.decide.expire(state, {}, at),
});

const unsound = (fields: ConsentFields): Rejection | undefined =>
  wrongAddress(fields) ?? (fields.state === 'granted' ? unfounded(fields) : undefined) ?? unproven(fields);

const wrongAddress = ({ address, addressKey, channel }: ConsentFields): Rejection | undefined => {
  if (address === undefined && addressKey === undefined)
    return reject('invalid', 'address-missing', 'Give the address that this is about.', '/address');
  if (address === undefined || address.includes('@') === (channel === 'email') || channel === 'messenger')
    return undefined;
  const wanted = channel === 'email' ? 'an e-mail address' : 'a telephone number';
  return reject('invalid', 'wrong-address', `Whoever is reached by ${channel} has ${wanted}.`, '/address');
};

/** What a grant has to say, so that it can be told from others and be proved. */
const unfounded = ({ topic, purpose, legalBasis, textVersion, text }: ConsentFields): Rejection | undefined => {
  const lacking = Object.entries({ topic, purpose, legalBasis }).find(([, value]) => value === undefined);
  if (lacking) return lacks(lacking[0], 'A grant says');
  if (legalBasis !== 'consent') return undefined;
  const unsaid = Object.entries({ textVersion, text }).find(([, value]) => value === undefined);
  return unsaid && lacks(unsaid[0], 'What somebody consented to is proved by what they saw: it says');
};

const lacks = (field: string, why: string): Rejection =>
  reject('invalid', 'proof-missing', `${why} its ${SAID[field]}.`, `/${field}`);

const SAID: Readonly<Record<string, string>> = {
  topic: 'topic',
  purpose: 'purpose',
  legalBasis: 'legal basis',
  textVersion: 'version of the wording',
  text: 'wording, or the digest of that',
};

const unproven = ({ occurredAt, expiresAt, text }: ConsentFields): Rejection | undefined => {
  if (expiresAt <= occurredAt)
    return reject('invalid', 'expired-before', 'The proof would expire before it was given.', '/expiresAt');
  if (text?.startsWith(DIGEST) && !/^sha256:[0-9a-f]{64}$/.test(text))
    return reject('invalid', 'bad-digest', 'A digest is "sha256:" and 64 hexadecimal digits.', '/text');
  return undefined;
};

const DIGEST = 'sha256:';
