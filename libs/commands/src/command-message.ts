import { DomainError } from '@rapport/kernel';
import type { Message, OutgoingMessage } from '@rapport/message-bus';
import { recordOf, type CarriedRequest } from './carried-request.js';

/** Where others ask a context. */
export const commandsTopicOf = (context: string): string => `rapport.${context}.commands.v1`;

export const SIGNATURE_HEADER = 'rapport-signature';

/** Speaks for the contexts of an installation, so that nobody who can write to a topic can ask in their name. */
export interface Signing {
  sign(context: string, tenant: string, text: string): Promise<string>;
  isSigned(context: string, tenant: string, text: string, signature: string): Promise<boolean>;
}

/** Keyed by the record that it is for: what is asked for one record keeps its order. */
export const messageOf = async (carried: CarriedRequest, signing: Signing): Promise<OutgoingMessage> => {
  const { asked, metadata, from, commandId } = carried;
  const value = JSON.stringify(carried);
  const { tenant, traceparent } = metadata;
  const headers = {
    'content-type': 'application/json',
    'ce-id': commandId,
    [SIGNATURE_HEADER]: await signing.sign(from, tenant, value),
    ...(traceparent ? { traceparent } : {}),
  };
  return { topic: commandsTopicOf(asked.to), key: recordOf(asked, tenant), headers, value };
};

/** @throws DomainError invalid `bad-request`, unauthenticated `bad-signature` */
export const requestIn = async ({ value, headers }: Message, signing: Signing): Promise<CarriedRequest> => {
  const carried = parsed(value);
  const { from, metadata } = carried;
  const signature = headers[SIGNATURE_HEADER] ?? '';
  if (await signing.isSigned(from, metadata.tenant, value, signature)) return carried;
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
