import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ProposedEvent } from '../log/events.js';
import type { Expected } from '../log/expected.js';
import { isJson } from '../wire/recorded-event.js';

export interface AppendRequest {
  readonly stream: string;
  readonly expected: Expected;
  /** `undefined` is an event without its type or content type. */
  readonly events: readonly (ProposedEvent | undefined)[];
}

type ProposedMessage = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

export const proposedOf = (message: ProposedMessage): ProposedEvent | undefined => {
  const properties = message.getMetadataMap();
  const [type, contentType] = [properties.get('type'), properties.get('content-type')];
  if (type === undefined || contentType === undefined) return undefined;
  return {
    id: message.getId()?.getString().toLowerCase() ?? '',
    type,
    json: isJson(contentType),
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
};

/** What the options of appends, deletions and tombstones have in common. */
interface Expectation {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

export const expectedOf = (options: Expectation, revision: string): Expected => {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : Number(revision);
};
