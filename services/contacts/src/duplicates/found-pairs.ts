import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import type { CallContext } from '@rapport/kernel';
import { or, where } from '@rapport/read-models';
import { RunCommand, RUNTIME, type ServiceRuntime, type Step } from '@rapport/service-kit';
import type { DuplicateEvent, Likeness } from '../domain/duplicate/duplicate.events.js';
import { duplicate, type DuplicateState, type PairedKind, pairId, pairOfKind } from '../domain/duplicate/duplicate.js';
import { type DuplicateDocument, duplicates } from '../records/duplicates.js';
import { candidatesFor } from './candidates.js';
import { DecidedPairs } from './decided-pairs.js';
import { likenessOf, type MatchedDocument, type MatchedKind } from './matched-kind.js';

/** Of so many others at most one record is a duplicate, the likeliest ones: where there are more, nobody looks at the rest. */
export const MOST_OF_ONE = 20;

/** So many pairs of one record are looked at again when it changes; a scan looks at all. */
const MOST_KNOWN = 1000;

/** Keeps what looks like one: finds pairs of a record, and lets those go that are none any more. */
@Injectable()
export class FoundPairs {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(DecidedPairs) private readonly decided: DecidedPairs,
  ) {}

  /** Compares a record with those that a key of it leads to, and with those that it is known to look like. */
  async look(kind: MatchedKind, id: string, call: CallContext): Promise<void> {
    const scope = everythingOf(call.principal.tenant);
    const { documents } = this.runtime.projection(kind.list);
    const record = await documents.get(scope, id);
    const known = await this.knownOf(id, call);
    const profile = record && !record.archived ? kind.profileOf(record) : undefined;
    const candidates = profile ? await candidatesFor(documents, scope, kind.keysOf(profile)) : new Map();
    candidates.delete(id);
    const alike = [...(candidates.values() as Iterable<MatchedDocument>)]
      .flatMap((other) => {
        const likeness = likenessOf(kind.matching.compare(profile, kind.profileOf(other)));
        return likeness ? [{ other: other.id, likeness }] : [];
      })
      .sort((a, b) => b.likeness.score - a.likeness.score || (a.other < b.other ? -1 : 1))
      .slice(0, MOST_OF_ONE);
    const found = new Set(alike.map(({ other }) => other));
    const dismissed = await this.decided.dismissed(kind.kind, id, [...found], call);
    for (const { other, likeness } of alike) {
      const pair = known.get(other);
      // Whoever said that of a part of one of them said it of all.
      if (dismissed.has(other) && pair?.status !== 'dismissed') continue;
      if (!isSame(pair, likeness)) await this.find(kind.kind, id, other, likeness, call);
    }
    for (const [other, pair] of known) if (!found.has(other)) await this.lookAgain(kind, pair, call);
  }

  /** Whether a pair that was found is one still; it is let go of otherwise. */
  async lookAgain(kind: MatchedKind, pair: DuplicateDocument, call: CallContext): Promise<boolean> {
    if (pair.score === undefined || pair.status === 'merged') return false;
    const { recordId, otherId } = pair;
    const { documents } = this.runtime.projection(kind.list);
    const records = await documents.getMany(everythingOf(call.principal.tenant), [recordId, otherId]);
    const [one, other] = [records.get(recordId), records.get(otherId)];
    const isMerged = one?.mergedInto === otherId || other?.mergedInto === recordId;
    const likeness = one && other && !one.archived && !other.archived && compared(kind, one, other);
    if (likeness) {
      if (!isSame(pair, likeness)) await this.find(kind.kind, recordId, otherId, likeness, call);
      return true;
    }
    await this.decide(isMerged ? 'merge' : 'lose', pair.id, {}, call);
    return false;
  }

  /** Remembers that two look like one. */
  find(kind: PairedKind, one: string, other: string, likeness: Likeness, call: CallContext): Promise<void> {
    const pair = pairOfKind(kind, one, other);
    return this.decide('find', pairId(pair), { ...pair, ...likeness }, call);
  }

  /** By the other one's id. */
  private async knownOf(id: string, call: CallContext): Promise<ReadonlyMap<string, DuplicateDocument>> {
    const { documents } = this.runtime.projection(duplicates);
    const filter = or(where('recordId', '=', id), where('otherId', '=', id));
    const page = await documents.query(everythingOf(call.principal.tenant), { filter, limit: MOST_KNOWN });
    return new Map(page.documents.map((pair) => [pair.recordId === id ? pair.otherId : pair.recordId, pair]));
  }

  private async decide(
    command: 'find' | 'lose' | 'merge',
    id: string,
    input: object,
    call: CallContext,
  ): Promise<void> {
    const decide: Step<DuplicateState, DuplicateEvent>['decide'] = (state, at) =>
      duplicate.decide[command](state, input as never, at);
    const steps = [{ name: `${command}Duplicate`, input, decide }];
    const order = { decider: duplicate, id, steps, call };
    await this.commands.execute(new RunCommand<DuplicateState, DuplicateEvent>(order));
  }
}

const compared = (kind: MatchedKind, one: MatchedDocument, other: MatchedDocument): Likeness | undefined =>
  likenessOf(kind.matching.compare(kind.profileOf(one), kind.profileOf(other)));

/** Whether that is what is known of a pair already. */
export const isSame = (pair: DuplicateDocument | undefined, { score, verdict }: Likeness): boolean =>
  pair?.score === score && pair.verdict === verdict && pair.status !== 'merged';
