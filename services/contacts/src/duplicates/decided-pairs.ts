import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf, scopeOf } from '@rapport/access';
import { type CallContext, DomainError } from '@rapport/kernel';
import { positionIn, RunCommand, RUNTIME, type ServiceRuntime, type Step, survivorsOf } from '@rapport/service-kit';
import type { DuplicateEvent, PairOfRecords } from '../domain/duplicate/duplicate.events.js';
import {
  duplicate,
  type DuplicateState,
  type PairedKind,
  pairId,
  pairOfKind,
  recordsOf,
} from '../domain/duplicate/duplicate.js';
import { duplicates } from '../records/duplicates.js';
import { matchedKind } from './kinds.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** What was decided about pairs of records, and deciding it. */
@Injectable()
export class DecidedPairs {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  /** Waits until the list of a kind knows what the caller has written. */
  async caughtUp(kind: PairedKind, { consistency }: CallContext): Promise<void> {
    const position = positionIn(consistency, this.runtime.definition.context);
    if (position !== undefined) await this.list(kind).reach(position, CAUGHT_UP_WITHIN_MILLISECONDS);
  }

  /** Which of the others were said to be something else than this record. */
  async dismissed(
    kind: PairedKind,
    id: string,
    others: readonly string[],
    call: CallContext,
  ): Promise<ReadonlySet<string>> {
    if (others.length === 0) return new Set();
    const pairs = this.runtime.projection(duplicates);
    const position = positionIn(call.consistency, this.runtime.definition.context);
    if (position !== undefined) await pairs.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS);
    const known = await this.list(kind).documents.getMany(everythingOf(call.principal.tenant), [id, ...others]);
    const everyIdOf = (each: string): readonly string[] => [each, ...(known.get(each)?.mergedIds ?? [])];
    const pair = (one: string, other: string): string => pairId(pairOfKind(kind, one, other));
    const ids = new Map(
      others.flatMap((other) =>
        everyIdOf(id).flatMap((one) => everyIdOf(other).map((each) => [pair(one, each), other] as const)),
      ),
    );
    // The caller sees both records, or would not ask about the pair.
    const decided = await pairs.documents.getMany(everythingOf(call.principal.tenant), ids.keys());
    const dismissed = [...decided].filter(([, { status }]) => status === 'dismissed');
    return new Set(dismissed.map(([each]) => ids.get(each)!));
  }

  dismiss(pair: PairOfRecords, call: CallContext): Promise<DuplicateState> {
    const decide: Decide = (settled) => (state, at) => duplicate.decide.dismiss(state, settled, at);
    return this.decide('DismissDuplicate', pair, decide, call);
  }

  reopen(pair: PairOfRecords, call: CallContext): Promise<DuplicateState> {
    const decide: Decide = () => (state, at) => duplicate.decide.reopen(state, {}, at);
    return this.decide('ReopenDuplicate', pair, decide, call);
  }

  private async decide(name: string, asked: PairOfRecords, decide: Decide, call: CallContext): Promise<DuplicateState> {
    const { kind, recordId, otherId } = recordsOf(asked);
    await this.caughtUp(kind, call);
    const leads = await survivorsOf(this.list(kind).documents, call.principal.tenant, [recordId, otherId]);
    const [one, other] = [recordId, otherId].map((id) => leads.get(id) ?? id) as [string, string];
    if (one === other) throw oneRecord(kind);
    await this.refuseUnseen(kind, [one, other], call);
    const pair = pairOfKind(kind, one, other);
    const steps = [{ name, input: pair, decide: decide(pair) }];
    const order = { decider: duplicate, id: pairId(pair), steps, call };
    const { state } = await this.commands.execute(new RunCommand<DuplicateState, DuplicateEvent>(order));
    return state;
  }

  /** Whoever decides about two records may change both. */
  private async refuseUnseen(kind: PairedKind, ids: readonly string[], call: CallContext): Promise<void> {
    const { documents } = this.list(kind);
    const seen = await documents.getMany(scopeOf(call.principal, kind), ids);
    const changed = await documents.getMany(scopeOf(call.principal, kind, 'edit'), seen.keys());
    for (const id of ids) {
      if (!seen.has(id)) throw noRecord(kind, id);
      if (!changed.has(id)) throw notTheirs(kind, id);
    }
  }

  private list(kind: PairedKind) {
    return this.runtime.projection(matchedKind(kind).list);
  }
}

type Decide = (pair: PairOfRecords) => Step<DuplicateState, DuplicateEvent>['decide'];

export const noRecord = (kind: PairedKind, id: string): DomainError =>
  new DomainError('not-found', `${kind}-not-found`, `There is no ${kind} ${id}. Check the id, or list them.`);

const notTheirs = (kind: PairedKind, id: string): DomainError => {
  const message = `You may see the ${kind} ${id} and not edit it. Ask somebody who may to decide.`;
  return new DomainError('forbidden', 'not-yours', message);
};

const oneRecord = (kind: PairedKind): DomainError => {
  const [noun, field] = kind === 'account' ? ['An account', 'otherAccountId'] : ['A contact', 'otherContactId'];
  const message = `${noun} is no duplicate of itself. Name two of them.`;
  const fields = [{ pointer: `/${field}`, code: `one-${kind}`, message }];
  return new DomainError('invalid', `one-${kind}`, message, { fields });
};
