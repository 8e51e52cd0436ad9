import { DomainError } from '@rapport/kernel';
import type { Message, OutgoingMessage } from '@rapport/message-bus';
import { recordOf, type CarriedRequest } from './carried-request.js';

/** Where others ask a context. */
export const commandsTopicOf = (context: string): string => `rapport.${context}.commands.v1`;

export const SIGNATURE_HEADER = 'rapport-signature';

/** Speaks for the contexts of an installation, so that nobody who can write to a topic can ask in their name. */
export interface Signing {
  /** In the name of the context that this process is of. */
  sign(text: string): string;
  isSigned(from: string, text: string, signature: string): boolean;
}

/** Keyed by the record that it is for: what is asked for one record keeps its order. */
export const messageOf = (carried: CarriedRequest, signing: Signing): OutgoingMessage => {
  const { asked, metadata, commandId } = carried;
  const value = JSON.stringify(carried);
  const { tenant, traceparent } = metadata;
  const headers = {
    'content-type': 'application/json',
    'ce-id': commandId,
    [SIGNATURE_HEADER]: signing.sign(value),
    ...(traceparent ? { traceparent } : {}),
  };
  return { topic: commandsTopicOf(asked.to), key: recordOf(asked, tenant), headers, value };
};

/** @throws DomainError invalid `bad-request`, unauthenticated `bad-signature` */
export const requestIn = ({ value, headers }: Message, signing: Signing): CarriedRequest => {
  const carried = parsed(value);
  const { from } = carried;
  if (signing.isSigned(from, value, headers[SIGNATURE_HEADER] ?? '')) return carried;
  throw new DomainError('unauthenticated', 'bad-signature', `This request was not signed by ${from}.`);
};

const parsed = (value: string): CarriedRequest => {
  try {
    const carried = JSON.parse(value) as CarriedRequest;
    if (typeof carried.from === 'string' && typeof carried.metadata.tenant === 'string') return carried;
    throw new Error('It does not say who asks.');
  } catch (failure) {
    throw new DomainError('invalid', 'bad-request', `This is no request: ${String(failure)}`, { cause: failure });
  }
};
