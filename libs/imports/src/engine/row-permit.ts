import { scopeOf } from '@rapport/access';
import { type CallContext, DomainError, type DomainEvent, isRejection, type RecordedEvent } from '@rapport/kernel';
import { type ListOf, owned, Permit } from '@rapport/service-kit';
import type { AnyDecider, OrderedStep } from './commands.js';

/** What an import may do with the records of one aggregate, in the name of somebody who does not see everything. */
export class RowPermit {
  private readonly permit: Permit<object | null, DomainEvent>;

  /** @param call in the name of that one */
  constructor(
    private readonly decider: AnyDecider,
    listOf: ListOf,
    private readonly call: CallContext,
  ) {
    const { aggregate } = decider;
    const projection = listOf(aggregate);
    if (!projection)
      throw new DomainError('internal', 'no-list', `There is no list by which rights to ${aggregate} are told.`);
    this.permit = new Permit({ call, decider, projection: projection as never, scopeOf });
  }

  /** @throws DomainError gone `not-in-sight` where there is a record that whoever imports does not see */
  requireSight(history: readonly RecordedEvent[], commandId?: string): void {
    if (history.length === 0 || this.isSeen(history, commandId)) return;
    throw new DomainError('gone', 'not-in-sight', 'This row cannot become a record under the id that it would get.');
  }

  isSeen(history: readonly RecordedEvent[], commandId?: string): boolean {
    // What a row has done it may do again: that changes nothing.
    const isRepeated = history.some(({ metadata }) => commandId !== undefined && metadata.commandId === commandId);
    return isRepeated || this.permit.isInSight(history);
  }

  /** A step that is refused where it would do more than is permitted. */
  judged(step: OrderedStep): OrderedStep {
    const asked: OrderedStep = { ...step, decide: (state, at, history) => this.decide(step, state, { at, history }) };
    const creating = this.permit.judged('create', asked);
    const changing = this.permit.judged('edit', asked);
    return {
      ...step,
      decide: (state, at, history) => (history.length === 0 ? creating : changing).decide(state, at, history),
    };
  }

  private decide(
    step: OrderedStep,
    state: object | null,
    { at, history }: { readonly at: Parameters<OrderedStep['decide']>[1]; readonly history: readonly RecordedEvent[] },
  ): ReturnType<OrderedStep['decide']> {
    const decision = step.decide(state, at, history);
    const [first, ...rest] = isRejection(decision) ? [] : decision;
    if (!first) return decision;
    if (state === null) {
      // Whoever creates only some records creates their own, where the row names nobody.
      const data = owned(first.data, this.call.principal, this.decider.aggregate);
      return [{ ...first, data }, ...rest];
    }
    if (history.length > 0) {
      this.permit.require('edit', history);
      const after = [first, ...rest].reduce(this.decider.evolve, state) as { readonly archived?: boolean } | null;
      const isMoved = (state as { readonly archived?: boolean }).archived !== after?.archived;
      if (isMoved) this.permit.require('delete', history);
    }
    return decision;
  }
}
