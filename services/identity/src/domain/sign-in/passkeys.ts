import { type Decision, reject } from '@rapport/kernel';
import type { PasskeyEnrolled, PasskeyEvent, PasskeyRemoved, PasskeyRenamed, PasskeyUsed } from './passkey.events.js';

/** A passkey of a user. Without its public key, which goes with the person, it opens nothing. */
export interface Passkey extends Omit<PasskeyEnrolled['data'], 'challengedAt'> {
  /** Of the challenge that it answered last. */
  readonly challengedAt: number;
  /** Likewise, of the one that it was made for. */
  readonly createdAt: number;
}

/** The passkeys of one user. */
export interface Passkeys {
  readonly passkeys: readonly Passkey[];
  /** Of the challenge that was answered last with a new passkey. */
  readonly enrolledAt?: number;
}

/** Nobody has more devices. */
const MOST = 20;

const changed = (all: readonly Passkey[], id: string, change: (one: Passkey) => Passkey): readonly Passkey[] =>
  all.map((each) => (each.passkeyId === id ? change(each) : each));

export const evolvePasskeys = <S extends Passkeys>(state: S, event: PasskeyEvent): S => {
  const { passkeys } = state;
  const { passkeyId } = event.data;
  switch (event.type) {
    case 'PasskeyEnrolled':
      return {
        ...state,
        passkeys: [...passkeys, { ...event.data, createdAt: event.data.challengedAt }],
        enrolledAt: event.data.challengedAt,
      };
    case 'PasskeyRenamed': {
      const { name } = event.data;
      return {
        ...state,
        passkeys: changed(passkeys, passkeyId, (one) => (name === undefined ? one : { ...one, name })),
      };
    }
    case 'PasskeyUsed': {
      const { counter, challengedAt } = event.data;
      const used = { counter, challengedAt };
      return { ...state, passkeys: changed(passkeys, passkeyId, (one) => ({ ...one, ...used })) };
    }
    default:
      return { ...state, passkeys: passkeys.filter((each) => each.passkeyId !== passkeyId) };
  }
};

export interface PasskeyCommands {
  enrolPasskey: PasskeyEnrolled['data'];
  renamePasskey: Required<PasskeyRenamed['data']>;
  usePasskey: PasskeyUsed['data'];
  removePasskey: PasskeyRemoved['data'];
  removePasskeys: Record<never, never>;
}

const find = ({ passkeys }: Passkeys, id: string): Passkey | undefined =>
  passkeys.find(({ passkeyId }) => passkeyId === id);

const unknown = (id: string): Decision<never> =>
  reject('not-found', 'passkey-not-found', `You have no passkey ${id}. List them.`);

/** What is decided about them. Whether a signature is right was seen before. */
export const decidePasskeys = {
  enrolPasskey: (state: Passkeys, data: PasskeyEnrolled['data']): Decision<PasskeyEnrolled> => {
    if (find(state, data.passkeyId))
      return reject('conflict', 'passkey-known', 'This device has a passkey of yours. Remove that one first.');
    if (state.passkeys.length >= MOST)
      return reject('conflict', 'too-many-passkeys', `You have ${MOST} passkeys. Remove one that you do not use.`);
    if (data.challengedAt <= (state.enrolledAt ?? 0)) return answeredBefore();
    return [{ type: 'PasskeyEnrolled', data }];
  },
  renamePasskey: (state: Passkeys, data: Required<PasskeyRenamed['data']>): Decision<PasskeyRenamed> => {
    const known = find(state, data.passkeyId);
    if (!known) return unknown(data.passkeyId);
    return known.name === data.name ? [] : [{ type: 'PasskeyRenamed', data }];
  },
  usePasskey: (state: Passkeys, data: PasskeyUsed['data']): Decision<PasskeyUsed> => {
    const known = find(state, data.passkeyId);
    if (!known) return unknown(data.passkeyId);
    if (data.challengedAt <= known.challengedAt) return answeredBefore();
    const isCopied = (data.counter > 0 || known.counter > 0) && data.counter <= known.counter;
    return isCopied
      ? reject('conflict', 'passkey-copied', 'This passkey has signed more often elsewhere. Remove it.')
      : [{ type: 'PasskeyUsed', data }];
  },
  removePasskey: (state: Passkeys, data: PasskeyRemoved['data']): Decision<PasskeyRemoved> =>
    find(state, data.passkeyId) ? [{ type: 'PasskeyRemoved', data }] : unknown(data.passkeyId),
  removePasskeys: ({ passkeys }: Passkeys): Decision<PasskeyRemoved> =>
    passkeys.map(({ passkeyId }) => ({ type: 'PasskeyRemoved' as const, data: { passkeyId } })),
};

const answeredBefore = (): Decision<never> =>
  reject('gone', 'challenge-ended', 'This challenge was answered before. Ask for a new one.');
