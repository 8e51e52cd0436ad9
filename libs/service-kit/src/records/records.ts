import { scopeOf } from '@rapport/access';
import type { typesV1 } from '@rapport/contracts';
import { CUSTOM, type Definitions, flat, nested } from '@rapport/custom-fields';
import {
  DomainError,
  fold,
  isRejection,
  undo,
  type CallContext,
  type DomainEvent,
  type UndoOrder,
} from '@rapport/kernel';
import type { Action, FieldPatch, MergeStatus, RecordedEvent, RecordStatus, Rejection } from '@rapport/kernel';
import { shown, type Document, type Documents, type Query, type Scope } from '@rapport/read-models';
import { partIdsOf, recordIdOf } from '../commands/command-identity.js';
import { RunCommand, type CommandOutcome, type Step } from '../commands/run-command.js';
import { positionIn } from '../consistency.js';
import { customIn, namedFields } from '../custom/custom-part.js';
import { momentFor, upTo } from './as-of.js';
import { ClaimedWrites } from './claims.js';
import { fieldsOf, patchOf } from './fields.js';
import { queryOf } from './list-query.js';
import { widened } from '../merges/aliases.js';
import { standing } from '../merges/merged-records.js';
import { Past } from './past.js';
import { noteReaders } from './readers.js';
import type { RecordDocument } from './record-document.js';
import { placeIn, untilHeard } from './record-pages.js';
import type { PlainRecords, RecordKind, RecordParts } from './record-kind.js';
import { type Referrer, References } from './references.js';
import { owned, Permit } from './permit.js';
import { refuseToSetHidden, shownHistory, shownPast } from './sight.js';

export type { Beside, PlainRecords, RecordKind, RecordParts } from './record-kind.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** Everything that records of every kind can do: create, get, list, edit, archive, restore, undo, history, as of. */
export class Records<
  State extends (RecordStatus & object) | null,
  E extends DomainEvent,
  Fields extends object,
  Message,
> implements PlainRecords<Message> {
  private readonly references: References | undefined;
  private readonly claimed: ClaimedWrites<State, E> | undefined;
  private readonly past: Past<State, E>;

  constructor(
    readonly kind: RecordKind<State, E, Fields, Message>,
    private readonly parts: RecordParts<State>,
  ) {
    const { decider, refersTo: fields } = kind;
    this.references = fields && new References(fields, decider as never, parts);
    this.claimed = parts.claims && new ClaimedWrites(decider, parts.events, parts.claims);
    this.past = new Past({ kind, events: parts.events, projection: parts.list.projection });
  }

  /** @param further what the decision has to know and the caller did not say */
  async create(message: object, call: CallContext, further: object = {}): Promise<Message> {
    const input = fieldsOf<Fields>(message, this.kind.outputOnly);
    const said = (await this.parts.custom?.created(input, call.principal)) ?? input;
    const given = owned(said, call.principal, this.kind.decider.aggregate, this.parts.scopeOf);
    await this.checkReferences(given, call);
    const name = `Create${this.noun}`;
    const { create } = this.kind.decider.decide;
    const decide: Step<State, E>['decide'] = (state, at) => {
      const fields = this.completed(given, name, call, []);
      return isRejection(fields) ? fields : create(state, { ...(fields as Fields), ...further }, at);
    };
    const step: Step<State, E> = { name, input, decide };
    // Nothing can be there under a new id, and nothing under that of a call that comes for the first time.
    const fresh = call.idempotencyKey === undefined && call.repeated !== true;
    return this.run(recordIdOf(call, name), [step], call, { fresh, action: 'create' });
  }

  /**
   * Without a mask it changes what the message says.
   * @param asked what the caller said, where that is not the message and the mask
   */
  async edit(
    id: string,
    message: object,
    mask: readonly string[],
    call: CallContext,
    asked?: object,
  ): Promise<Message> {
    const named = mask.length > 0 ? mask : Object.keys(fieldsOf(message, this.kind.outputOnly));
    const set = patchOf<Fields>(message, named);
    const name = `Update${this.noun}`;
    const scope = this.scopeOf(call);
    const patch = await this.patching(message, named, call, id);
    const { edit } = this.kind.decider.decide;
    const decide: Step<State, E>['decide'] = (state, at, history) => {
      refuseToSetHidden(scope, namedFields(message, named), '/updateMask');
      const completed = this.completed(patch(state), name, call, history);
      return isRejection(completed) ? completed : edit(state, { set: completed }, at);
    };
    return this.run(id, [{ name, input: asked ?? [id, set], decide }], call);
  }

  /** What a request asks a record to become, as the record keeps it. */
  async patch(message: object, mask: readonly string[], call: CallContext): Promise<FieldPatch<Fields>> {
    return (await this.patching(message, mask, call))(null);
  }

  archive({ id }: typesV1.RecordRequest, call: CallContext): Promise<Message> {
    const { archive } = this.kind.decider.decide;
    return this.run(
      id,
      [{ name: `Archive${this.noun}`, input: id, decide: (state, at) => archive(state, {}, at) }],
      call,
      { action: 'delete' },
    );
  }

  restore({ id }: typesV1.RecordRequest, call: CallContext): Promise<Message> {
    const { restore } = this.kind.decider.decide;
    return this.run(
      id,
      [{ name: `Restore${this.noun}`, input: id, decide: (state, at) => restore(state, {}, at) }],
      call,
      { action: 'delete' },
    );
  }

  async undo({ id, eventId, laterChanges }: typesV1.UndoRequest, call: CallContext): Promise<Message> {
    const order = { eventId, laterChanges: laterChanges === 'keep' ? ('keep' as const) : ('refuse' as const) };
    const { decider } = this.kind;
    const scope = this.scopeOf(call);
    await this.checkUndone(id, order, call);
    const decide: Step<State, E>['decide'] = (state, _, history) => {
      if (state === null) return [];
      if (scope.hidden.length > 0) refuseToSetHidden(scope, this.fieldsChangedBy(eventId, history), '/eventId');
      return undo(decider as never, history, order) as never;
    };
    return this.run(id, [{ name: `Undo${this.noun}Change`, input: [id, order], decide }], call);
  }

  /** What is set again may have gone, or stand under this record by now. */
  private async checkUndone(id: string, order: UndoOrder, call: CallContext): Promise<void> {
    if (!this.references) return;
    const decision = undo(this.kind.decider as never, await this.load(id, call), order);
    if (isRejection(decision) || decision.length === 0) return;
    await this.references.check(decision[0]!.data.set, { principal: call.principal, id });
  }

  /**
   * Takes steps on one record and answers with what it is then.
   * @param action what the caller has to be allowed to do; `edit` when left out
   */
  async run(
    id: string,
    asked: readonly Step<State, E>[],
    call: CallContext,
    { action = 'edit', ...extra }: { fresh?: boolean; action?: Action } = {},
  ): Promise<Message> {
    const { projection } = this.parts.list;
    const permit = new Permit({ call, decider: this.kind.decider, projection, scopeOf: this.parts.scopeOf ?? scopeOf });
    const isSeen = (history: readonly RecordedEvent[]): boolean => permit.isSeen(action, history);
    const steps = asked.map((step) => permit.judged(action, step));
    const definitions = await this.parts.custom?.of(call.principal);
    const { inClear = [] } = definitions ?? {};
    const order = { decider: this.kind.decider, id, steps, call, isSeen, inClear, ...extra };
    const write = () => this.parts.commands.execute(new RunCommand(order));
    const outcome = await (this.claimed?.around(order, write) ?? write());
    if (outcome.revision < 0) throw this.past.notFound(id);
    return this.toMessage(permit.sight, documentOf(outcome, permit.sight.tenant), definitions);
  }

  async get({ id, asOf, asOfBy }: typesV1.GetRecordRequest, call: CallContext): Promise<Message> {
    if (asOf !== undefined) return this.getAsOf(id, asOf, asOfBy === 'recorded' ? 'recorded' : 'occurred', call);
    await this.caughtUp(call);
    const scope = this.scopeOf(call);
    const document = await standing(this.documents, scope, id);
    if (!document) throw this.past.notFound(id);
    await this.noteReaders([document], 'get', call);
    call.answer.revision = document.revision;
    return this.toMessage(scope, document, await this.parts.custom?.of(call.principal));
  }

  async list(request: typesV1.ListRecordsRequest, call: CallContext): Promise<{ data: Message[]; page: typesV1.Page }> {
    await this.caughtUp(call);
    const { kind, parts } = this;
    const definitions = await parts.custom?.of(call.principal);
    const documents = parts.custom ? await parts.custom.asked(this.documents, request, call.principal) : this.documents;
    const { compared, zone } = { ...kind, zone: parts.calendar?.zoneOf(call.principal.tenant) };
    const declared = { ...documents.declaration, ...(compared && { compared }), ...(zone && { zone }) };
    const scope = this.scopeOf(call);
    const query = queryOf(request, declared, this.kind.defaultSort ?? [{ field: 'createdAt', descending: true }]);
    if (request.total) await untilHeard(call);
    const page = await documents.query(scope, await this.leading(query, scope));
    await this.noteReaders(page.documents, 'list', call);
    return {
      data: page.documents.map((document) => this.toMessage(scope, document, definitions)),
      page: { next: page.next ?? '', hasMore: page.next !== undefined, total: page.total },
    };
  }

  async history(
    { id, limit = 50, cursor }: typesV1.ListHistoryRequest,
    call: CallContext,
  ): Promise<typesV1.ListHistoryResponse> {
    const entries = shownHistory(this.scopeOf(call), await this.past.entries(id, this.scopeOf(call)));
    const before = cursor ? placeIn(entries, cursor) : entries.length;
    const first = Math.max(0, before - limit);
    const data = entries.slice(first, before).reverse();
    return { data, page: { next: first > 0 ? String(first) : '', hasMore: first > 0, total: undefined } };
  }

  /** Waits until this list shows the write that the caller's consistency token names. */
  async caughtUp(call: CallContext): Promise<void> {
    const position = positionIn(call.consistency, this.parts.context);
    if (position !== undefined) await this.parts.list.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS);
  }

  /** The events of a record that the caller sees, hidden fields and all. @throws DomainError not-found */
  load(id: string, call: CallContext): Promise<readonly RecordedEvent[]> {
    return this.past.load(id, this.scopeOf(call));
  }

  /** Asked for by ids that lead elsewhere by now. */
  private async leading(query: Query, { tenant }: Scope): Promise<Query> {
    const { leadsTo } = this.parts;
    return query.filter && leadsTo ? { ...query, filter: await widened(query.filter, tenant, leadsTo) } : query;
  }

  private noteReaders(documents: readonly Document[], method: string, call: CallContext): Promise<void> {
    return noteReaders(this.parts.commands, { object: this.kind.decider.aggregate, method, documents }, call);
  }

  private get documents(): Documents<RecordDocument<State>> {
    return this.parts.documents ?? this.parts.list.documents;
  }

  private completed(
    asked: FieldPatch<Fields>,
    name: string,
    call: CallContext,
    history: readonly RecordedEvent[],
  ): FieldPatch<Fields> | Rejection {
    return this.kind.completed?.(asked, { history, newId: partIdsOf(call, name) }) ?? asked;
  }

  private async patching(
    message: object,
    named: readonly string[],
    call: CallContext,
    id?: string,
  ): Promise<(before: State | null) => FieldPatch<Fields>> {
    const referrer = { principal: call.principal, ...(id === undefined ? {} : { id }) };
    const { custom } = this.parts;
    const isCustom = custom !== undefined && named.includes(CUSTOM);
    const set = patchOf<Fields>(message, isCustom ? named.filter((name) => name !== CUSTOM) : named);
    await this.checkReferences(isCustom ? { ...set, ...flat(customIn(message)) } : set, referrer);
    if (!isCustom) return () => set;
    const patch = await custom.edited(customIn(message), call.principal);
    return (before) => ({ ...set, ...patch(before) });
  }

  private async checkReferences(asked: object, referrer: Referrer): Promise<void> {
    await this.references?.check(asked, referrer);
    const fields = await this.parts.custom?.references(asked, referrer.principal);
    if (fields) await new References(fields, this.kind.decider as never, this.parts).check(asked, referrer);
  }

  private toMessage(scope: Scope, document: RecordDocument<State>, definitions: Definitions | undefined): Message {
    const { revision, createdAt, updatedAt, archived } = document;
    const fields = shown(scope, document);
    return this.kind.message.fromPartial({
      ...(definitions ? nested(fields, definitions.isShown) : fields),
      info: { revision, createdAt, updatedAt, archived },
    });
  }

  private fieldsChangedBy(eventId: string, events: readonly RecordedEvent[]): readonly string[] {
    const entry = this.past.entriesOf(events).find((known) => known.eventId === eventId);
    return entry?.changes.map(({ field }) => field) ?? [];
  }

  private scopeOf({ principal }: CallContext): Scope {
    return (this.parts.scopeOf ?? scopeOf)(principal, this.kind.decider.aggregate);
  }

  private async getAsOf(id: string, asOf: string, axis: 'occurred' | 'recorded', call: CallContext): Promise<Message> {
    const events = shownPast(this.kind.decider, await this.load(id, call));
    const known = upTo(events, momentFor(asOf, call, this.parts.calendar), axis);
    const last = known.at(-1);
    const state = fold(this.kind.decider, known as unknown as readonly E[]);
    if (!last || state === null) {
      const message = `The ${this.kind.decider.aggregate} ${id} did not exist at ${asOf}; it begins at ${events[0]!.metadata.occurredAt}.`;
      throw new DomainError('not-found', 'not-yet-there', message);
    }
    const { mergedInto } = state as MergeStatus;
    if (mergedInto !== undefined) return this.getAsOf(mergedInto, asOf, axis, call);
    const scope = this.scopeOf(call);
    const document = {
      ...state,
      id,
      tenant: scope.tenant,
      revision: last.revision,
      createdAt: known[0]!.metadata.occurredAt,
      updatedAt: last.metadata.occurredAt,
      ...(events.some((event) => event.metadata.erased) ? { erased: true } : {}),
    };
    return this.toMessage(scope, document, await this.parts.custom?.of(call.principal));
  }

  private get noun(): string {
    const { aggregate } = this.kind.decider;
    return aggregate[0]!.toUpperCase() + aggregate.slice(1);
  }
}

const documentOf = <State>(outcome: CommandOutcome<State>, tenant: string): RecordDocument<State> => {
  const { id, state, revision, createdAt, updatedAt, erased } = outcome;
  return { ...state, id, tenant, revision, createdAt, updatedAt, ...(erased ? { erased } : {}) };
};
