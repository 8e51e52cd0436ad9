import { givesRights, givesWhenRestored, lockedFor, ownedObjects, scopeOf, type ScopeOf } from '@rapport/access';
import { valueAt } from '@rapport/custom-fields';
import {
  type Action,
  type CallContext,
  type Decider,
  DomainError,
  type DomainEvent,
  endedShares,
  isRejection,
  type Principal,
  sameValue,
  type Sharable,
  type RecordedEvent,
} from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import { type Scope, visible } from '@rapport/read-models';
import type { Step } from '../commands/run-command.js';
import type { RecordDocument } from './record-document.js';
import { isInSight } from './sight.js';

export interface PermitParts<State, E extends DomainEvent> {
  readonly call: CallContext;
  readonly decider: Pick<Decider<State, E, object>, 'aggregate' | 'evolve'>;
  readonly projection: Pick<Projection<RecordDocument<State>>, 'declaration' | 'fold'>;
  readonly scopeOf: ScopeOf;
}

type Fields = Readonly<Record<string, unknown>>;

/** What becomes of a record. */
interface Judged<State> {
  readonly id: string;
  readonly before: State;
  readonly after: State;
}

/** Whose a record is: to change it is to transfer the record. */
const BELONGING = ['ownerId', 'teamId'];

/** What a caller may do with one record that is in sight. Asked of the events themselves, so that it is never behind. */
export class Permit<State, E extends DomainEvent> {
  /** What the caller sees of records of the kind. */
  readonly sight: Scope;
  private readonly locked: readonly string[];

  constructor(private readonly parts: PermitParts<State, E>) {
    this.sight = this.scope('read');
    this.locked = lockedFor(parts.call.principal, parts.decider.aggregate);
  }

  isInSight(history: readonly RecordedEvent[]): boolean {
    return isInSight(this.sight, this.parts.projection, history);
  }

  /** Whether the caller sees the record, asked before anything is answered. @throws DomainError forbidden `not-permitted` */
  isSeen(action: Action, history: readonly RecordedEvent[]): boolean {
    if (!this.isInSight(history)) return false;
    if (action !== 'create') this.require(action, history);
    return true;
  }

  /** @throws DomainError forbidden `not-permitted` where the record of a history is not within reach of an action */
  require(action: Action, history: readonly RecordedEvent[]): void {
    if (!isInSight(this.scope(action), this.parts.projection, history)) throw this.refused(action);
  }

  /**
   * A step that is refused where it would do more than is permitted.
   * @param asked fields that the caller has named, where others follow by themselves; all when left out
   */
  judged(action: Action, step: Step<State, E>, asked?: readonly string[]): Step<State, E> {
    const { principal } = this.parts.call;
    return {
      ...step,
      decide: (before, at, history) => {
        const decision = step.decide(before, at, history);
        if (isRejection(decision) || decision.length === 0) return decision;
        const after = decision.reduce<State>((state, event) => this.parts.decider.evolve(state, event), before);
        refuseEnded(before, after, at.at);
        if (principal.policy) this.judge(action, { id: at.id, before, after }, asked);
        return decision;
      },
    };
  }

  private judge(action: Action, { id, before, after }: Judged<State>, asked?: readonly string[]): void {
    // Forgetting somebody is not to be stopped by what one may not read of them.
    if (action === 'erase') return;
    const isNew = before === null;
    if (isNew && !this.isWithin(this.scope('create'), id, after)) throw this.refused('create');
    const changed = (field: string): boolean => !sameValue(valueAt(before, field), valueAt(after, field));
    const locked = this.locked.find((path) => changed(path) && (asked?.includes(path.split('.')[0]!) ?? true));
    if (locked !== undefined) throw readOnly(locked);
    this.judgeRestored(before, after);
    if (changed('shares') && !this.isWithin(this.scope('share'), id, isNew ? after : before))
      throw this.refused('share');
    if (action === 'create' || !BELONGING.some(changed)) return;
    if (!this.isWithin(this.scope('transfer'), id, before)) throw this.refused('transfer');
  }

  /** Whoever has the role, or is in the team, may do again what it gives: only who gives rights may do that. */
  private judgeRestored(before: State, after: State): void {
    const { call, decider } = this.parts;
    const { policy } = call.principal;
    const isRestored = valueAt(before, 'archived') === true && valueAt(after, 'archived') !== true;
    if (!isRestored || !policy || givesRights(policy) || !givesWhenRestored(decider.aggregate, after as Fields)) return;
    const message = `Restored, this ${decider.aggregate} gives rights again, and your roles do not let you give rights. Ask an administrator.`;
    throw new DomainError('forbidden', 'not-yours-to-give', message);
  }

  private isWithin(scope: Scope, id: string, state: State): boolean {
    const document = { ...(state as object), id, tenant: scope.tenant };
    return visible(scope, this.parts.projection.declaration, document) !== undefined;
  }

  private scope(action: Action): Scope {
    return this.parts.scopeOf(this.parts.call.principal, this.parts.decider.aggregate, action);
  }

  private refused(action: Action): DomainError {
    const { aggregate } = this.parts.decider;
    const message =
      action === 'create'
        ? `Your roles do not let you create this ${aggregate}. Give it an owner or a team for whom you may, or ask an administrator.`
        : `You may see this ${aggregate}, but your roles do not let you ${action} it. Ask its owner or an administrator.`;
    return new DomainError('forbidden', 'not-permitted', message);
  }
}

/** What is asked for: whoever may create only some records creates their own, where it is not said whose one is to be. */
export const owned = <Input extends object>(
  input: Input,
  principal: Principal,
  aggregate: string,
  scopes: ScopeOf = scopeOf,
): Input => {
  const owner = principal.policy?.owners.at(-1);
  if (owner === undefined || !ownedObjects.has(aggregate) || BELONGING.some((field) => field in input)) return input;
  return scopes(principal, aggregate, 'create').rows === undefined ? input : { ...input, ownerId: owner };
};

/** A share that is over is nobody's wish: most likely its end was mistyped. */
const refuseEnded = (before: unknown, after: unknown, at: string): void => {
  const [ended] = endedShares(before as Sharable | null, after ?? {}, at);
  if (!ended) return;
  const message = `The share would have ended at ${ended.until}, before it began. Give an end that is still to come.`;
  throw new DomainError('invalid', 'share-ended', message, {
    fields: [{ pointer: '/shares', code: 'share-ended', message }],
  });
};

const readOnly = (field: string): DomainError => {
  const message = `Your roles do not let you change "${field}". Leave it as it is, or ask somebody who may.`;
  return new DomainError('forbidden', 'read-only-field', message, {
    fields: [{ pointer: `/${field.replaceAll('.', '/')}`, code: 'read-only-field', message }],
  });
};
