import type { Provider } from '@nestjs/common';
import type { KnownAggregate } from '@rapport/event-store';
import type { PersonalField } from '@rapport/privacy';
import type { Projection } from '@rapport/processing';
import type { MessageShape } from '../contract/message-shape.js';
import type { SearchedRecord } from '../search/searched-record.js';
import type { ReferenceFields } from '../records/references.js';

/** A defined kind of record, of whatever kind. */
export interface AnyRecord {
  readonly decider: KnownAggregate;
  readonly service: string;
  readonly noun: string;
  readonly plural: string;
  readonly shape: MessageShape;
  readonly methods: readonly string[];
  readonly projection: Projection;
  readonly personal: readonly PersonalField[];
  readonly publishes: object;
  readonly kind: {
    readonly message: { fromPartial(part: object): object };
    readonly refersTo?: ReferenceFields;
    readonly leadsTo?: ReferenceFields;
  };
  readonly import?: AnyImport;
  readonly search?: SearchedRecord;
  readonly token: symbol;
}

/** How rows of files become records of a kind: see `RecordImport`. */
export interface AnyImport {
  readonly matchBy: readonly string[];
  readonly foundBy?: Readonly<Record<string, string | undefined>>;
  readonly calledBy?: readonly string[];
  readonly synonyms: Readonly<Record<string, AnySynonyms | null>>;
}

/** Of a field, or of those in it. */
export type AnySynonyms = readonly string[] | Readonly<Record<string, readonly string[] | null>>;

/** A kind of record with all that answers for it in a service. */
export interface ServedRecord {
  readonly record: AnyRecord;
  readonly providers: readonly Provider[];
  /** Under it the service provides what answers the calls. */
  readonly handlers: symbol;
}
