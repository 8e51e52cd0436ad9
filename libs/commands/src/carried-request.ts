import { partsOf, streamName } from '@rapport/event-store';
import {
  checkTenant,
  DomainError,
  type EventMetadata,
  isId,
  type NewEvent,
  type RecordedEvent,
  type SealedPart,
} from '@rapport/kernel';
import { COMMAND } from './command.js';
import type { Asked } from './request.js';

/** A request on its way to the context that is asked, as it is stored at the asker: what is sealed stays so. */
export interface CarriedRequest {
  /** Who asks: `sales`. */
  readonly from: string;
  readonly commandId: string;
  /** Of the `CommandRequested`: the command that is received has the same id, to which its ciphertexts are bound. */
  readonly eventId: string;
  readonly asked: Asked;
  readonly metadata: EventMetadata;
}

export const carried = (from: string, { id, stream, data, metadata }: RecordedEvent): CarriedRequest => {
  const { id: commandId } = partsOf(stream);
  const { sealed, ...rest } = metadata;
  const parts = sealed === undefined ? undefined : partsOfSealed(sealed, stream, commandId);
  return {
    from,
    commandId,
    eventId: id,
    asked: data as Asked,
    metadata: { ...rest, ...(parts === undefined ? {} : { sealed: parts }) },
  };
};

const partsOfSealed = (
  sealed: NonNullable<EventMetadata['sealed']>,
  origin: string,
  subject: string,
): readonly SealedPart[] => (typeof sealed === 'string' ? [{ subject, origin, text: sealed }] : sealed);

export const commandStream = ({ commandId, metadata }: CarriedRequest): string =>
  streamName(COMMAND, metadata.tenant, commandId);

/** The request as the asked context stores it. */
export const received = ({ from, eventId, asked, metadata }: CarriedRequest): NewEvent => ({
  id: eventId,
  type: 'CommandReceived',
  data: { from, ...asked },
  metadata,
});

/** What everything for one record has in common, so that it keeps its order. */
export const recordOf = ({ record }: Pick<Asked, 'record'>, tenant: string): string =>
  streamName(record.aggregate, tenant, record.id);

/** The request itself, if it is one. @throws DomainError invalid `bad-request` */
export const checkCarried = (carried: CarriedRequest, to: string): CarriedRequest => {
  try {
    const { commandId, eventId, asked, metadata, from } = carried;
    checkTenant(metadata.tenant);
    if (asked.to !== to) throw new Error(`It is for ${asked.to}.`);
    if (!isId(commandId) || !isId(eventId)) throw new Error('Its id is none.');
    if (Number.isNaN(Date.parse(asked.expiresAt))) throw new Error('It does not say when it expires.');
    if (typeof asked.command !== 'string' || typeof from !== 'string')
      throw new Error('It does not say what is asked.');
    recordOf(asked, metadata.tenant);
    return carried;
  } catch (failure) {
    const message = `This is no request to ${to}: ${failure instanceof Error ? failure.message : String(failure)}`;
    throw new DomainError('invalid', 'bad-request', message, { cause: failure });
  }
};
