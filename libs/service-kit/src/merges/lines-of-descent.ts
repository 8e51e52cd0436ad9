import type { EventStore } from '@rapport/event-store';
import { DomainError, type MergeChoices } from '@rapport/kernel';
import { type AnyRecordDecider, Lineage } from '../records/lineage.js';
import type { ReferenceFields } from '../records/references.js';

type Values = Readonly<Record<string, unknown>>;

/** Two records as they are, or as a split would leave them. */
export interface Both {
  readonly id: string;
  readonly otherId: string;
  readonly tenant: string;
  readonly survivor: object;
  readonly other: object;
}

/** Records that may stand under others of their kind never come to stand under themselves by being merged, or split. */
export class LinesOfDescent {
  private readonly fields: readonly string[];
  private readonly lineage: Lineage;

  constructor(
    private readonly decider: AnyRecordDecider,
    refersTo: ReferenceFields,
    events: EventStore,
  ) {
    this.fields = Object.keys(refersTo).filter((field) => refersTo[field] === decider.aggregate);
    this.lineage = new Lineage(decider, events);
  }

  /**
   * The choices, with one more where the survivor would stand under itself by the rules: then it stands where the other one does, or
   * nowhere.
   * @throws DomainError invalid `under-itself` where somebody has chosen so
   */
  async settled(both: Both, choices: MergeChoices): Promise<MergeChoices> {
    let settled = choices;
    for (const field of this.fields) settled = await this.settledIn(field, both, settled);
    return settled;
  }

  private async settledIn(field: string, both: Both, choices: MergeChoices): Promise<MergeChoices> {
    const { taken = [], kept = [], set = {} } = choices;
    const [ours, theirs] = [idIn(both.survivor, field), idIn(both.other, field)];
    const isGiven = Object.hasOwn(set, field);
    if (isGiven || taken.includes(field) || kept.includes(field)) {
      const chosen = isGiven ? (set as Values)[field] : taken.includes(field) ? theirs : ours;
      if (await this.isUnderEither(field, both, chosen)) throw this.underItself(field, String(chosen), isGiven);
      return choices;
    }
    if (!(await this.isUnderEither(field, both, ours ?? theirs))) return choices;
    if (ours !== undefined && theirs !== undefined && !(await this.isUnderEither(field, both, theirs)))
      return { ...choices, taken: [...taken, field] };
    return ours === undefined ? { ...choices, kept: [...kept, field] } : { ...choices, set: { ...set, [field]: null } };
  }

  /** @throws DomainError conflict `under-itself` where one of two that stand apart again would stand under itself */
  async checkApart({ id, otherId, tenant, survivor, other }: Both): Promise<void> {
    const states = new Map<string, Values>([
      [id, survivor as Values],
      [otherId, other as Values],
    ]);
    for (const field of this.fields)
      for (const each of states.keys())
        if (await this.lineage.returns(field, { tenant, id: each }, states)) throw this.wouldStandUnderItself(each);
  }

  private async isUnderEither(field: string, { tenant, id, otherId }: Both, parent: unknown): Promise<boolean> {
    if (typeof parent !== 'string') return false;
    const isAbove = (each: string) => this.lineage.isAbove(field, { tenant, id: each }, parent);
    return (await isAbove(id)) || isAbove(otherId);
  }

  private underItself(field: string, parent: string, isGiven: boolean): DomainError {
    const { aggregate } = this.decider;
    const pointer = `/${isGiven ? aggregate : 'fields'}/${field}`;
    const message = `The ${aggregate} ${parent} is one of these two, or stands under one of them. Choose another, or let the rules choose.`;
    return new DomainError('invalid', 'under-itself', message, {
      fields: [{ pointer, code: 'under-itself', message }],
    });
  }

  private wouldStandUnderItself(id: string): DomainError {
    const { aggregate } = this.decider;
    const message = `Split off, the ${aggregate} ${id} would stand under itself, by what was changed since. Move what stands between first.`;
    return new DomainError('conflict', 'under-itself', message);
  }
}

const idIn = (state: object, field: string): string | undefined => {
  const value = (state as Values)[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
