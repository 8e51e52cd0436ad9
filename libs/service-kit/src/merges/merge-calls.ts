import { scopeOf } from '@rapport/access';
import type { typesV1 } from '@rapport/contracts';
import { isCustomName, nested } from '@rapport/custom-fields';
import {
  type CallContext,
  differences,
  DomainError,
  type MergeChoices,
  type RecordedEvent,
  type RelationChoices,
  type SplitChoices,
} from '@rapport/kernel';
import { isHidden, type Scope, shown } from '@rapport/read-models';
import type { MessageShape } from '../contract/message-shape.js';
import { ownFields } from '../records/record-fields.js';
import { refuseToSetHidden } from '../records/sight.js';
import type { Step } from '../commands/run-command.js';
import { closestName } from '../schemas/closest-name.js';
import type { Merges } from './merges.js';

/** As the contract's requests to merge have it; the record's fields stand under the name of its aggregate. */
export interface MergeRequest {
  readonly id: string;
  readonly otherId: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly updateMask: readonly string[];
}

export interface UnmergeRequest {
  readonly id: string;
  readonly otherId: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, string>>;
}

/** What has come to a record since another was merged into it. */
export interface CameSince {
  /** As the caller sees it, and where choices leave it. @throws DomainError where a choice cannot be */
  told(request: UnmergeRequest, choices: RelationChoices, call: CallContext): Promise<typesV1.CameSinceMerge[]>;
}

interface MergedRecord<Message> {
  /** `Contact`, of ContactMerged. */
  readonly noun: string;
  readonly decider: { readonly aggregate: string };
  readonly shape: MessageShape;
  readonly kind: { readonly message: { fromPartial(fields: object): Message }; readonly outputOnly: readonly string[] };
}

interface Written<Message> {
  run(id: string, steps: readonly Step<never, never>[], call: CallContext): Promise<Message>;
  patch(message: object, mask: readonly string[], call: CallContext): Promise<object>;
  load(id: string, call: CallContext): Promise<readonly RecordedEvent[]>;
  undo(request: typesV1.UndoRequest, call: CallContext): Promise<Message>;
}

/** Answers what two records of a kind that may be one can be asked for, as the caller sees them. */
export class MergeCalls<Message extends object> {
  constructor(
    private readonly record: MergedRecord<Message>,
    private readonly merges: Merges,
    private readonly records: Written<Message>,
    private readonly since: CameSince,
  ) {}

  async merge(request: MergeRequest, call: CallContext): Promise<Message> {
    await this.merges.merge(request, await this.choicesOf(request, call), call);
    return this.now(request.id, call);
  }

  async foresee(
    request: MergeRequest,
    call: CallContext,
  ): Promise<{ readonly becomes: Message; readonly fields: typesV1.MergedField[] }> {
    const foreseen = await this.merges.foresee(request, await this.choicesOf(request, call), call);
    const scope = this.scope(call);
    const [ours, theirs, becomes] = [foreseen.survivor, foreseen.other, foreseen.becomes].map((state) =>
      this.fieldsOf(scope, state),
    ) as [Values, Values, Values];
    const names = Object.keys({ ...ours, ...theirs, ...becomes });
    const fields = names.map((field) => {
      const [own, other, next] = [ours, theirs, becomes].map((values) => values[field] ?? null);
      return { field, this: own, other, becomes: next };
    });
    return { becomes: this.message(scope, request.id, foreseen.becomes), fields };
  }

  async unmerge(request: UnmergeRequest, call: CallContext): Promise<Split<Message>> {
    const [choices, relations] = [this.sidesOf(request, call), this.relationsOf(request)];
    await this.merges.checkMaySplit(request, call);
    const cameSince = await this.since.told(request, relations, call);
    const { changedSince } = await this.merges.unmerge(request, choices, call, relations);
    const [survivor, other] = [await this.now(request.id, call), await this.now(request.otherId, call)];
    return { survivor, other, changedSince: this.changed(call, changedSince), cameSince };
  }

  async foreseeSplit(request: UnmergeRequest, call: CallContext): Promise<Split<Message>> {
    const foreseen = await this.merges.foreseeSplit(request, this.sidesOf(request, call), call);
    const scope = this.scope(call);
    return {
      survivor: this.message(scope, request.id, foreseen.survivor),
      other: this.message(scope, request.otherId, foreseen.other),
      changedSince: this.changed(call, foreseen.changedSince),
      cameSince: await this.since.told(request, this.relationsOf(request), call),
    };
  }

  /** What a merge did to two records is undone in both: by splitting them. */
  async undo(request: typesV1.UndoRequest, call: CallContext): Promise<Message> {
    const { id, eventId } = request;
    const undone = (await this.records.load(id, call)).find((event) => event.id === eventId);
    if (undone?.type !== `${this.record.noun}Merged`) return this.records.undo(request, call);
    const { otherId } = undone.data as { readonly otherId: string };
    return (await this.unmerge({ id, otherId, fields: {}, relations: {} }, call)).survivor;
  }

  /** As it is by now, whatever the caller has asked for under a key. */
  private now(
    id: string,
    { idempotencyKey: _, requestId: __, expectedRevision: ___, ...call }: CallContext,
  ): Promise<Message> {
    return this.records.run(id, [{ name: 'Look', input: id, decide: () => [] }], call);
  }

  /** @throws DomainError invalid `unknown-field` | `bad-choice` | `chosen-twice` */
  private async choicesOf({ fields, updateMask, ...request }: MergeRequest, call: CallContext): Promise<MergeChoices> {
    this.check(fields, ['this', 'other']);
    const twice = updateMask.find((field) => Object.hasOwn(fields, field));
    if (twice !== undefined) {
      const message = `"${twice}" is given a value and said to be one of the two. Say one of both.`;
      throw invalid('chosen-twice', twice, message);
    }
    const { aggregate } = this.record.decider;
    const given = (request as unknown as Readonly<Record<string, object | undefined>>)[aggregate] ?? {};
    const chosen = (side: string): string[] => Object.keys(fields).filter((field) => fields[field] === side);
    const [taken, kept] = [chosen('other'), chosen('this')];
    return {
      ...(taken.length > 0 && { taken }),
      ...(kept.length > 0 && { kept }),
      ...(updateMask.length > 0 && { set: await this.records.patch(given, updateMask, call) }),
    };
  }

  private sidesOf({ fields }: UnmergeRequest, call: CallContext): SplitChoices {
    const names = Object.keys(fields);
    this.check(fields, ['this', 'other', 'both']);
    refuseToSetHidden(this.scope(call), names, '/fields');
    return fields as SplitChoices;
  }

  private check(fields: Readonly<Record<string, string>>, sides: readonly string[]): void {
    const names = Object.keys(fields);
    const known = ownFields(this.record.shape).map(({ name }) => name);
    const unknown = names.find((name) => !known.includes(name) && !isCustomName(name));
    const wrong = names.find((name) => !sides.includes(fields[name]!));
    if (unknown === undefined && wrong === undefined) return;
    if (unknown === undefined) throw invalid('bad-choice', wrong!, `"${wrong!}" is to be one of ${sides.join(', ')}.`);
    const meant = closestName(unknown, known);
    const advice = meant === undefined ? `There are: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
    throw invalid(
      'unknown-field',
      unknown,
      `A ${this.record.decider.aggregate} has no field "${unknown.slice(0, 100)}". ${advice}`,
    );
  }

  private relationsOf({ relations }: UnmergeRequest): RelationChoices {
    const wrong = Object.keys(relations).find((name) => !['this', 'other'].includes(relations[name]!));
    if (wrong !== undefined) throw refusedRelation('bad-choice', wrong, `"${wrong}" is to be one of this, other.`);
    return relations as RelationChoices;
  }

  private changed(
    call: CallContext,
    changed: readonly { readonly field: string; readonly value: unknown; readonly goesTo: string }[],
  ): typesV1.ChangedSinceMerge[] {
    const scope = this.scope(call);
    return changed
      .filter(({ field }) => !isHidden(scope, field))
      .map(({ field, value, goesTo }) => ({ field, value: shown(scope, { [field]: value })[field], goesTo }));
  }

  private fieldsOf(scope: Scope, state: object): Values {
    const known = new Set(ownFields(this.record.shape).map(({ name }) => name));
    const own = differences({}, state).filter(({ field }) => known.has(field) || isCustomName(field));
    return shown(scope, Object.fromEntries(own.map(({ field, to }) => [field, to])));
  }

  private message(scope: Scope, id: string, state: object): Message {
    return this.record.kind.message.fromPartial({ ...nested(shown(scope, state)), id });
  }

  private scope({ principal }: CallContext): Scope {
    return scopeOf(principal, this.record.decider.aggregate);
  }
}

/** Both after a split. */
export interface Split<Message> {
  readonly survivor: Message;
  readonly other: Message;
  readonly changedSince: typesV1.ChangedSinceMerge[];
  readonly cameSince: typesV1.CameSinceMerge[];
}

type Values = Readonly<Record<string, unknown>>;

/** At what a request says of a record that came since. */
export const refusedRelation = (code: string, name: string, message: string): DomainError =>
  invalid(code, name, message, 'relations');

const invalid = (code: string, field: string, message: string, within = 'fields'): DomainError => {
  const pointer = `/${within}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return new DomainError('invalid', code, message, { fields: [{ pointer, code, message }] });
};
