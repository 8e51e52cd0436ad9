import {
  type CallContext,
  type Circumstances,
  type Decision,
  type DomainEvent,
  type FieldPatch,
  instantOf,
} from '@rapport/kernel';
import type { PublishedForm } from '@rapport/processing';
import type { Step } from '../commands/run-command.js';

interface Deciding {
  readonly decide: {
    placeHold(state: never, command: { readonly reason: string }, at: Circumstances): Decision<DomainEvent>;
    liftHold(state: never, command: Record<string, never>, at: Circumstances): Decision<DomainEvent>;
    restrict(state: never, command: { readonly reason: string }, at: Circumstances): Decision<DomainEvent>;
    liftRestriction(state: never, command: Record<string, never>, at: Circumstances): Decision<DomainEvent>;
    rectify(state: never, command: never, at: Circumstances): Decision<DomainEvent>;
  };
}

interface Written<M> {
  run(id: string, steps: readonly object[], call: CallContext, extra: { readonly action: 'erase' }): Promise<M>;
}

interface Named {
  readonly id: string;
}

interface Why extends Named {
  readonly reason: string;
}

interface Request extends Named {
  readonly askedBy: string;
  readonly askedAt?: string | undefined;
  readonly note?: string | undefined;
}

/** What stands above people's records, and what they have put right. Whoever may have somebody erased says so. */
export class Protecting<M> {
  constructor(
    private readonly noun: string,
    private readonly decider: Deciding,
    private readonly records: Written<M>,
  ) {}

  hold({ id, reason }: Why, call: CallContext): Promise<M> {
    return this.run('Hold', id, [reason], call, (state, at) => this.decider.decide.placeHold(state, { reason }, at));
  }

  release({ id }: Named, call: CallContext): Promise<M> {
    return this.run('Release', id, [''], call, (state, at) => this.decider.decide.liftHold(state, {}, at));
  }

  restrict({ id, reason }: Why, call: CallContext): Promise<M> {
    return this.run('Restrict', id, [reason], call, (state, at) => this.decider.decide.restrict(state, { reason }, at));
  }

  unrestrict({ id }: Named, call: CallContext): Promise<M> {
    return this.run('Unrestrict', id, [''], call, (state, at) => this.decider.decide.liftRestriction(state, {}, at));
  }

  /** @param set what was wrong, put right; null empties a field */
  rectify({ id, askedBy, askedAt, note }: Request, set: FieldPatch<object>, call: CallContext): Promise<M> {
    const asked = { askedBy, ...(note ? { note } : {}) };
    return this.run('Rectify', id, [set, asked, askedAt], call, (state, at) => {
      const rectification = { ...asked, askedAt: askedAt ? instantOf(askedAt).toISOString() : at.at };
      return this.decider.decide.rectify(state, { set, rectification } as never, at);
    });
  }

  private run(
    deed: string,
    id: string,
    said: readonly unknown[],
    call: CallContext,
    decide: Step<never, DomainEvent>['decide'],
  ): Promise<M> {
    const step = { name: `${deed}${this.noun}`, input: [id, ...said], decide };
    return this.records.run(id, [step], call, { action: 'erase' });
  }
}

type Told<Name extends string> = `${Name}${'HoldPlaced' | 'HoldLifted' | 'ProcessingRestricted' | 'RestrictionLifted'}`;

/** That something stands above a person's record is told; why is nobody else's. */
export const withoutReasons = <Name extends string>(name: Name): { readonly [T in Told<Name>]: () => PublishedForm } =>
  Object.fromEntries(
    ['HoldPlaced', 'HoldLifted', 'ProcessingRestricted', 'RestrictionLifted'].map((what) => [
      `${name}${what}`,
      () => ({ type: `${name}${what}`, data: {} }),
    ]),
  ) as never;
