import type { CommandBus } from '@nestjs/cqrs';
import type { ScopeOf } from '@rapport/access';
import type { typesV1 } from '@rapport/contracts';
import type { EventStore } from '@rapport/event-store';
import type {
  Calendar,
  CallContext,
  Decider,
  DomainEvent,
  FieldPatch,
  RecordCommands,
  RecordedEvent,
  Rejection,
} from '@rapport/kernel';
import type { LiveProjection } from '@rapport/processing';
import type { Documents, Sort } from '@rapport/read-models';
import type { CustomPart } from '../custom/custom-part.js';
import type { LeadsTo } from '../merges/aliases.js';
import type { Claims } from './claims.js';
import type { ComparedFields } from './list-query.js';
import type { RecordDocument } from './record-document.js';
import type { HeardOf, ListOf, ReferenceFields } from './references.js';

export interface RecordKind<State extends object | null, E extends DomainEvent, Fields extends object, Message> {
  readonly decider: Decider<State, E, RecordCommands<Fields>>;
  /** Makes the contract's message; unknown fields are left out. */
  readonly message: { fromPartial(fields: object): Message };
  /** Order of lists that name none. */
  readonly defaultSort?: readonly Sort[];
  /** Fields of the message that are never taken from a request. */
  readonly outputOnly: readonly string[];
  /** Fields of the state that the contract does not show. */
  readonly internal?: readonly string[];
  /** What is asked for with what Rapport adds to it: ids of its parts. Whatever is asked for when it is left out. */
  readonly completed?: (asked: FieldPatch<Fields>, beside: Beside) => FieldPatch<Fields> | Rejection;
  /** Fields that hold the id of another record of this context, and its aggregate. */
  readonly refersTo?: ReferenceFields;
  /** Further fields of the list that lead to records which may be merged, and the aggregate. */
  readonly leadsTo?: ReferenceFields;
  /** Fields that are equal where what follows from them is. */
  readonly compared?: ComparedFields;
}

/** What completes a command beside what it asks for. */
export interface Beside {
  /** Of the record; empty for a new one. */
  readonly history: readonly RecordedEvent[];
  /** An id for the n-th part: a new one, or the one that the same call gave it before. */
  readonly newId: (n: number) => string;
}

/** What every service of a kind of record can be answered with. */
export interface PlainRecords<Message> {
  create(message: object, call: CallContext): Promise<Message>;
  edit(id: string, message: object, mask: readonly string[], call: CallContext): Promise<Message>;
  archive(request: typesV1.RecordRequest, call: CallContext): Promise<Message>;
  restore(request: typesV1.RecordRequest, call: CallContext): Promise<Message>;
  undo(request: typesV1.UndoRequest, call: CallContext): Promise<Message>;
  get(request: typesV1.GetRecordRequest, call: CallContext): Promise<Message>;
  list(request: typesV1.ListRecordsRequest, call: CallContext): Promise<{ data: Message[]; page: typesV1.Page }>;
  history(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse>;
}

/** What {@link Records} works with; the service runtime provides it. */
export interface RecordParts<State> {
  readonly commands: CommandBus;
  readonly events: EventStore;
  readonly list: LiveProjection<RecordDocument<State>>;
  /** What is read of the list where that is not its documents as they are stored. */
  readonly documents?: Documents<RecordDocument<State>>;
  readonly context: string;
  readonly calendar?: Calendar;
  /** Who may see what; the policy of libs/access when left out. */
  readonly scopeOf?: ScopeOf;
  /** What has to hold between records of this kind. */
  readonly claims?: Claims<State>;
  /** The lists of records that these refer to. */
  readonly listOf?: ListOf;
  readonly heardOf?: HeardOf;
  /** What tells where ids lead by now, of those records that may be merged. */
  readonly leadsTo?: LeadsTo;
  /** Fields that tenants have given them. */
  readonly custom?: CustomPart;
}
