import type { EventMetadata, SealedPart } from '@rapport/kernel';

/**
 * What stands in a message's headers too: a consumer can pass over what it does not need without parsing it, and put what it
 * cannot parse in its place.
 */
export const TYPE_HEADER = 'ce-type';
export const SEQUENCE_HEADER = 'ce-sequence';
export const ID_HEADER = 'ce-id';
/** The record's stream at the source, `account-<tenant>-<id>`. */
export const STREAM_HEADER = 'ce-stream';
export const REVISION_HEADER = 'ce-revision';
/** Version of the event's form. */
export const VERSION_HEADER = 'ce-version';
/** Raised whenever the source was set back to an earlier state; what has a lower one is over. */
export const EPOCH_HEADER = 'ce-epoch';

/** A change as other services and systems see it: CloudEvents 1.0, JSON format; names as the standard writes them. */
export interface CloudEvent<Data = Readonly<Record<string, unknown>>> {
  readonly specversion: '1.0';
  readonly id: string;
  /** `/rapport/<context>` */
  readonly source: string;
  /** `rapport.sales.v1.OpportunityWon` */
  readonly type: string;
  /** `opportunity/<id>` */
  readonly subject: string;
  /** When it happened in the world. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  /** Of the form of `data`, from 1 on; absent in messages that are older than it is. */
  readonly dataversion?: number;
  readonly tenant: string;
  readonly revision: number;
  readonly recordedtime: string;
  /** `user:<id>`, `import:<id>` … */
  readonly actor: string;
  readonly correlationid: string;
  readonly causationid?: string;
  /** The event's position in its service's store: what a consumer remembers to take nothing twice. */
  readonly sequence: string;
  /** The personal fields of `data`, sealed with the keys of those they are about; only on the bus. See {@link sealedIn}. */
  readonly sealed?: string;
  readonly erased?: boolean;
  readonly data: Data;
}

/** Attributes of a CloudEvent are texts: the parts of several people are a JSON text. */
export const sealedAttribute = (sealed: NonNullable<EventMetadata['sealed']>): string =>
  typeof sealed === 'string' ? sealed : JSON.stringify(sealed);

/**
 * What a copy of an event keeps of its sealed fields, as they were stored at the source.
 * @param origin the stream at the source: a text alone is about its record, and opens nowhere without it
 */
export const sealedIn = ({ sealed, subject }: CloudEvent, origin: string): readonly SealedPart[] | undefined => {
  if (sealed === undefined) return undefined;
  if (sealed.startsWith('[')) return JSON.parse(sealed) as readonly SealedPart[];
  return [{ subject: subject.slice(subject.indexOf('/') + 1), origin, text: sealed }];
};
