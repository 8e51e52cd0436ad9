import type { CommandBus } from '@nestjs/cqrs';
import { scopeOf } from '@rapport/access';
import { partsOf, streamName } from '@rapport/event-store';
import {
  type CallContext,
  type Circumstances,
  type Decider,
  DomainError,
  type DomainEvent,
  fold,
  idFrom,
  isRejection,
  type MergeChoices,
  type MergeCommands,
  type MergeEvent,
  mergePatch,
  type MergeRules,
  type MergeStatus,
  type RecordedEvent,
  type RecordStatus,
  type RelationChoices,
  type Split,
  type SplitChoices,
  splitOf,
} from '@rapport/kernel';
import { RunCommand, type Step } from '../commands/run-command.js';
import { Permit } from '../records/permit.js';
import type { ReferenceFields } from '../records/references.js';
import { refuseToSetHidden } from '../records/sight.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { LinesOfDescent } from './lines-of-descent.js';

type State = (RecordStatus & MergeStatus & object) | null;
type AnyMerge = MergeEvent<string, object>;
type AnyDecider = Decider<State, DomainEvent, MergeCommands<object>>;

/** A kind of record of which two may turn out to be one, and how they become it. */
export interface MergedKind {
  readonly decider: { readonly aggregate: string };
  /** `Contact`, of ContactMerged. */
  readonly noun: string;
  readonly projection: object;
  readonly token: symbol;
  readonly kind: { readonly refersTo?: ReferenceFields };
}

/** The one that remains, and the one that becomes a part of it. */
export interface Pair {
  readonly id: string;
  readonly otherId: string;
}

export const REFUSALS: ReadonlySet<string> = new Set(['invalid', 'not-found', 'already-exists', 'conflict', 'gone']);

/** What a merge would make of a survivor. */
export interface MergeForeseen {
  readonly survivor: object;
  readonly other: object;
  readonly becomes: object;
  /** What was asked for, with what keeps a record from standing under itself. */
  readonly choices: MergeChoices;
}

/** What a split would make of both. */
export interface SplitForeseen extends Pick<Split, 'changedSince'> {
  readonly survivor: object;
  readonly other: object;
}

/** Lets records that refer to one of two follow a split, as somebody chose: once, however often it is begun. */
export interface FollowingRelations {
  follow(split: RecordedEvent, history: readonly RecordedEvent[], call: CallContext): Promise<void>;
}

/**
 * Makes two records one, and splits them again. Each has a stream of its own, and no two streams are written at once: one of the
 * two decides, its event is followed by what the other has to say, in the same request or, after a crash, by a reaction.
 */
export class Merges {
  private readonly decider: AnyDecider;
  private readonly descent: LinesOfDescent;

  constructor(
    private readonly kind: MergedKind,
    private readonly rules: MergeRules,
    private readonly runtime: ServiceRuntime,
    private readonly commands: CommandBus,
    private readonly relations?: FollowingRelations,
  ) {
    this.decider = kind.decider as unknown as AnyDecider;
    this.descent = new LinesOfDescent(this.decider as never, kind.kind.refersTo ?? {}, runtime.events);
  }

  /** @throws DomainError where the caller may not, or one of the two may not be merged */
  async foresee(pair: Pair, choices: MergeChoices, call: CallContext): Promise<MergeForeseen> {
    const { survivor, other, permit } = await this.permitted(pair, call);
    this.checkRevision(survivor, pair.id, call);
    const asked = [...(choices.taken ?? []), ...(choices.kept ?? []), ...Object.keys(choices.set ?? {})];
    refuseToSetHidden(permit.sight, asked, '/fields');
    const states = { survivor: this.state(survivor)!, other: this.state(other)! };
    const settled = await this.descent.settled({ ...pair, ...states, tenant: call.principal.tenant }, choices);
    const set = this.patch(survivor, other, settled);
    const { decide } = this.decider;
    this.refuse(decide.mergeInto(this.state(other), { survivorId: pair.id, ...settled }, at(pair.otherId)));
    const taking = permit.judged('edit', this.taking(pair, other, set), asked);
    this.refuse(taking.decide(this.state(survivor), at(pair.id), survivor));
    const becomes = this.foldedWith(survivor, `${this.kind.noun}Merged`, { otherId: pair.otherId, set });
    return { ...states, becomes, choices: settled };
  }

  /** Repeatable: two that are one already because of the same call stay it. */
  async merge(pair: Pair, choices: MergeChoices, call: CallContext): Promise<void> {
    const { id: survivorId, otherId } = pair;
    const isDone = this.state(await this.read(otherId, call))?.mergedInto === survivorId;
    const settled = isDone ? choices : (await this.foresee(pair, choices, call)).choices;
    const asked = { survivorId, ...settled };
    const decide: Step<State, DomainEvent>['decide'] = (state, now) => this.decider.decide.mergeInto(state, asked, now);
    await this.run(
      otherId,
      `Merge${this.kind.noun}`,
      decide,
      { ...call, expectedRevision: undefined },
      { input: { survivorId, ...choices } },
    );
    await this.complete(await this.last('MergedInto', otherId, call), call);
  }

  /** @throws DomainError where the caller may not, or they cannot be split */
  async foreseeSplit(pair: Pair, choices: SplitChoices, call: CallContext): Promise<SplitForeseen> {
    const { survivor, other } = await this.permitted(pair, call, 'split');
    const split = this.split(survivor, other, pair.otherId, choices);
    this.refuse(
      this.decider.decide.letGo(
        this.state(survivor),
        { otherId: pair.otherId, set: split?.survivor ?? {} },
        at(pair.id),
      ),
    );
    return { changedSince: split!.changedSince, ...(await this.apart(pair, { survivor, other, split: split! }, call)) };
  }

  /** @throws DomainError where the caller may not split two */
  async checkMaySplit(pair: Pair, call: CallContext): Promise<void> {
    await this.permitted(pair, call, 'split');
  }

  /** Repeatable with a key, as every command is. */
  async unmerge(
    pair: Pair,
    choices: SplitChoices,
    call: CallContext,
    relations: RelationChoices = {},
  ): Promise<Pick<Split, 'changedSince'>> {
    const { survivor, other } = await this.permitted(pair, call, 'split');
    const { otherId } = pair;
    const foreseen = this.split(survivor, other, otherId, choices);
    const isOne = this.state(survivor)?.mergedIds?.includes(otherId);
    if (foreseen && isOne) await this.apart(pair, { survivor, other, split: foreseen }, call);
    const decide: Step<State, DomainEvent>['decide'] = (state, now, history) => {
      const set = this.split(history, other, otherId, choices)?.survivor ?? {};
      return this.decider.decide.letGo(state, { otherId, set, choices, relations }, now);
    };
    const input = [otherId, choices, ...(Object.keys(relations).length > 0 ? [relations] : [])];
    await this.run(pair.id, `Unmerge${this.kind.noun}`, decide, call, { input });
    const event = await this.last('Unmerged', pair.id, call, otherId);
    await this.complete(event, call);
    return { changedSince: this.split(survivor.slice(0, event.revision), other, otherId, choices)?.changedSince ?? [] };
  }

  /**
   * The second half of a merge or a split, once, however often it is begun. A survivor that cannot take the other in any more lets
   * it stand by itself again.
   */
  async complete(event: RecordedEvent, call: CallContext = callAfter(event)): Promise<void> {
    const { tenant, id } = partsOf(event.stream);
    const because = following(call, event);
    const history = (await this.read(id, because)).slice(0, event.revision);
    if (event.type === `${this.kind.noun}MergedInto`) return this.takeIn(event, history, because);
    const { otherId, choices = {} } = event.data as Extract<AnyMerge, { type: `${string}Unmerged` }>['data'];
    const other = await this.read(otherId, because);
    const decide: Step<State, DomainEvent>['decide'] = (state, now) => {
      const set = this.split(history, other, otherId, choices)?.other ?? {};
      return this.decider.decide.splitOff(state, { survivorId: id, set }, now);
    };
    const commandId = idFrom(event.id, tenant, 'split-off');
    await this.run(otherId, `SplitOff${this.kind.noun}`, decide, because, { commandId });
    await this.relations?.follow(event, history, because);
  }

  private async takeIn(event: RecordedEvent, other: readonly RecordedEvent[], call: CallContext): Promise<void> {
    const { id: otherId } = partsOf(event.stream);
    const { survivorId, ...choices } = event.data as { readonly survivorId: string } & MergeChoices;
    const decide: Step<State, DomainEvent>['decide'] = (state, now, history) =>
      this.taking({ id: survivorId, otherId }, other, this.patch(history, other, choices)).decide(state, now, history);
    try {
      await this.run(survivorId, `TakeIn${this.kind.noun}`, decide, call, { commandId: idFrom(event.id, 'take-in') });
    } catch (failure) {
      if (!(failure instanceof DomainError) || !REFUSALS.has(failure.kind)) throw failure;
      const letGo: Step<State, DomainEvent>['decide'] = (state, now) =>
        this.decider.decide.splitOff(state, { survivorId, set: {} }, now);
      await this.run(otherId, `SplitOff${this.kind.noun}`, letGo, call, { commandId: idFrom(event.id, 'stay-apart') });
      throw failure;
    }
  }

  private taking({ otherId }: Pair, other: readonly RecordedEvent[], set: object): Step<State, DomainEvent> {
    const furtherIds = this.state(other)?.mergedIds ?? [];
    const asked = { otherId, furtherIds, set };
    return {
      name: `TakeIn${this.kind.noun}`,
      input: asked,
      decide: (state, now) => this.decider.decide.takeIn(state, asked, now),
    };
  }

  /** Whoever merges two may edit both, and take away the one that goes; whoever splits them may edit both. */
  private async permitted({ id, otherId }: Pair, call: CallContext, what: 'merge' | 'split' = 'merge') {
    const [survivor, other] = [await this.read(id, call), await this.read(otherId, call)];
    const parts = { call, decider: this.decider as never, projection: this.kind.projection as never, scopeOf };
    const permit = new Permit<State, DomainEvent>(parts);
    if (survivor.length === 0 || !permit.isInSight(survivor)) throw this.notFound(id);
    if (other.length === 0 || !permit.isInSight(other)) throw this.notFound(otherId, '/otherId');
    permit.require('edit', survivor);
    permit.require('edit', other);
    if (what === 'merge') permit.require('delete', other);
    return { survivor, other, permit };
  }

  private checkRevision({ length }: readonly RecordedEvent[], id: string, { expectedRevision }: CallContext): void {
    const revision = length - 1;
    if (expectedRevision === undefined || expectedRevision === revision) return;
    const message = `The ${this.decider.aggregate} ${id} is at revision ${revision}, not ${expectedRevision}. Read it again and repeat the merge.`;
    throw new DomainError('stale', 'stale-revision', message, { currentRevision: revision });
  }

  /** Both as a split would leave them. @throws DomainError conflict `under-itself` */
  private async apart(
    { id, otherId }: Pair,
    { survivor, other, split }: { survivor: readonly RecordedEvent[]; other: readonly RecordedEvent[]; split: Split },
    { principal: { tenant } }: CallContext,
  ): Promise<Pick<SplitForeseen, 'survivor' | 'other'>> {
    const both = {
      survivor: this.foldedWith(survivor, `${this.kind.noun}Unmerged`, { otherId, set: split.survivor }),
      other: this.foldedWith(other, `${this.kind.noun}SplitOff`, { survivorId: id, set: split.other }),
    };
    await this.descent.checkApart({ id, otherId, tenant, ...both });
    return both;
  }

  private patch(survivor: readonly RecordedEvent[], other: readonly RecordedEvent[], choices: MergeChoices): object {
    return mergePatch(this.state(survivor) ?? {}, this.state(other) ?? {}, this.rules, choices);
  }

  /** Undefined where they are not one because of a merge of just these two. */
  private split(
    survivor: readonly RecordedEvent[],
    other: readonly RecordedEvent[],
    otherId: string,
    choices: SplitChoices,
  ): Split | undefined {
    const isMerge = ({ type, data }: RecordedEvent): boolean =>
      type === `${this.kind.noun}Merged` && (data as { readonly otherId: string }).otherId === otherId;
    const merged = survivor.findLastIndex(isMerge);
    const left = other.findLastIndex(({ type }) => type === `${this.kind.noun}MergedInto`);
    if (merged < 0 || left < 0) return undefined;
    const states = {
      before: this.state(survivor.slice(0, merged))!,
      merged: this.state(survivor.slice(0, merged + 1))!,
      now: this.state(survivor)!,
      other: this.state(other.slice(0, left))!,
    };
    return splitOf(states, this.rules, choices);
  }

  private async last(fact: string, id: string, call: CallContext, otherId?: string): Promise<RecordedEvent> {
    const events = await this.read(id, call);
    return events.findLast(
      ({ type, data }) =>
        type === `${this.kind.noun}${fact}` &&
        (otherId === undefined || (data as { otherId?: string }).otherId === otherId),
    )!;
  }

  private async run(
    id: string,
    name: string,
    decide: Step<State, DomainEvent>['decide'],
    call: CallContext,
    extra: { readonly commandId?: string; readonly input?: unknown },
  ): Promise<void> {
    const { commandId, input = id } = extra;
    const steps = [{ name, input, decide }];
    const order = { decider: this.decider, id, steps, call, ...(commandId === undefined ? {} : { commandId }) };
    await this.commands.execute(new RunCommand<State, DomainEvent>(order));
  }

  private read(id: string, { principal }: CallContext): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.runtime.events.read(streamName(this.decider.aggregate, principal.tenant, id)));
  }

  private state(events: readonly RecordedEvent[]): State {
    return fold(this.decider, events as unknown as readonly DomainEvent[]);
  }

  private foldedWith(events: readonly RecordedEvent[], type: string, data: object): object {
    return this.decider.evolve(this.state(events), { type, data })!;
  }

  private refuse(decision: readonly DomainEvent[] | object): void {
    if (isRejection(decision)) throw DomainError.of(decision);
  }

  private notFound(id: string, pointer?: string): DomainError {
    const { aggregate } = this.decider;
    const [code, message] = [`${aggregate}-not-found`, `There is no ${aggregate} ${id}. Check the id, or list them.`];
    return new DomainError('not-found', code, message, pointer ? { fields: [{ pointer, code, message }] } : {});
  }
}

/** Of a decision that is only tried. */
const at = (id: string): Circumstances => ({ at: new Date(0).toISOString(), id });

/** A call that goes on from an event: its key, and what it has seen, are of the first command. */
const following = ({ principal, correlationId, answer, signal }: CallContext, { id }: RecordedEvent): CallContext => ({
  ...{ principal, correlationId, answer, causationId: id },
  ...(signal && { signal }),
});

const callAfter = ({ metadata }: RecordedEvent): CallContext => ({
  principal: { tenant: metadata.tenant, actor: metadata.actor, roles: [] },
  correlationId: metadata.correlationId,
  answer: {},
});
