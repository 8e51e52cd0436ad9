import { isCustomName } from '@rapport/custom-fields';
import { everythingOf, scopeOf, type ScopeOf } from '@rapport/access';
import { streamName, type EventStore } from '@rapport/event-store';
import { DomainError, fold, type MergeStatus, type Principal, type RecordedEvent } from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import type { Document, Documents, Scope } from '@rapport/read-models';
import { type AnyRecordDecider, Lineage } from './lineage.js';
import { isInSight } from './sight.js';

/**
 * Fields that hold the id of another record, or several: field → aggregate, or those of which it may be one, another context's
 * included that is heard of here.
 */
export type ReferenceFields = Readonly<Record<string, string | readonly string[]>>;

/** How the list of an aggregate shows its records; undefined for one that this service does not have. */
export type ListOf = (aggregate: string) => Pick<Projection, 'declaration' | 'fold'> | undefined;

/** What is known of another context's aggregate, which may be a moment behind; undefined where nothing is heard of it. */
export type HeardOf = (aggregate: string) => Documents<Document> | undefined;

interface ReferenceParts {
  readonly events: EventStore;
  /** Of the referring records. */
  readonly list: { readonly projection: unknown };
  /** Who sees which of these; others are seen as roles say. */
  readonly scopeOf?: ScopeOf;
  readonly listOf?: ListOf;
  readonly heardOf?: HeardOf;
}

/** Who asks, and the record that refers to others. */
export interface Referrer {
  readonly principal: Principal;
  /** Undefined for a new one, which nothing can refer to yet. */
  readonly id?: string;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Holds what somebody asks for to records that are there and in that one's sight, and a record that may stand under one of its own
 * kind to not standing under itself. What does not change is not judged. Asked of the events themselves, so it is never behind;
 * of another context is known what was heard.
 */
export class References {
  private readonly lineage: Lineage;

  constructor(
    private readonly fields: ReferenceFields,
    private readonly decider: AnyRecordDecider,
    private readonly parts: ReferenceParts,
  ) {
    this.lineage = new Lineage(decider, parts.events);
  }

  /**
   * @throws DomainError invalid, at the field whose record is missing or stands under this one. One out of sight, referred to or
   * referring, is answered for as a missing one.
   */
  async check(asked: object, referrer: Referrer): Promise<void> {
    const { hidden } = this.scopeOf(referrer.principal, this.decider.aggregate);
    const named = Object.entries(asked as Values).flatMap(([field, value]) =>
      // What is hidden is nobody's to set, and what it says is not to be found out by trying.
      this.refersBy(field) && !hidden.includes(field) ? idsIn(value).map((id) => [field, id] as const) : [],
    );
    for (const [field, value] of named) {
      const absence = await this.absence(field, value, referrer);
      const problem = absence ?? (await this.circle(field, value, referrer));
      if (!problem) continue;
      const present = await this.present(referrer);
      if (present ? !idsIn(present[field]).includes(value) : absence) throw problem;
    }
  }

  private refersBy(field: string): boolean {
    return Object.hasOwn(this.fields, field);
  }

  private async absence(field: string, id: string, { principal }: Referrer): Promise<DomainError | undefined> {
    const aggregates = [this.fields[field]!].flat();
    for (const aggregate of aggregates) if (await this.isThere(aggregate, principal, id)) return undefined;
    const nouns = aggregates.map(nounOf);
    const message = `There is no ${nouns.join(' or ')} ${id}. Check the id, or list them.`;
    return problemAt(field, `${nouns[0]}-not-found`, message);
  }

  private async isThere(aggregate: string, principal: Principal, id: string): Promise<boolean> {
    if (aggregate.includes('.')) return this.isHeardOf(aggregate, principal, id);
    if (!isOnesOwn(principal, id)) return this.isSeen(aggregate, principal, id);
    return (await this.history(aggregate, principal, id, 1)).length > 0;
  }

  private async isHeardOf(aggregate: string, principal: Principal, id: string): Promise<boolean> {
    const { tenant } = principal;
    const scope = isOnesOwn(principal, id) ? everythingOf(tenant) : this.scopeOf(principal, nounOf(aggregate));
    return (await this.parts.heardOf?.(aggregate)?.get(scope, id)) !== undefined;
  }

  private async circle(
    field: string,
    parent: string,
    { principal: { tenant }, id }: Referrer,
  ): Promise<DomainError | undefined> {
    const { aggregate } = this.decider;
    // What a tenant's own field leads to stands above nothing.
    if (id === undefined || this.fields[field] !== aggregate || isCustomName(field)) return undefined;
    if (!(await this.lineage.isAbove(field, { tenant, id }, parent))) return undefined;
    const message = `The ${aggregate} ${parent} is this ${aggregate}, or stands under it. Choose another.`;
    return problemAt(field, 'under-itself', message);
  }

  /** What the record says now; undefined where there is none in sight. */
  private async present({ principal, id }: Referrer): Promise<Values | undefined> {
    const { decider } = this;
    if (id === undefined || !(await this.isSeen(decider.aggregate, principal, id))) return undefined;
    return (fold(decider, await this.history(decider.aggregate, principal, id)) ?? {}) as Values;
  }

  private async isSeen(aggregate: string, principal: Principal, id: string): Promise<boolean> {
    const scope = this.scopeOf(principal, aggregate);
    if (scope.rows === undefined) return (await this.history(aggregate, principal, id, 1)).length > 0;
    const list = (
      this.isOwn(aggregate) ? this.parts.list.projection : this.parts.listOf?.(aggregate)
    ) as ReturnType<ListOf>;
    const history = await this.history(aggregate, principal, id);
    if (list === undefined || history.length === 0) return false;
    // What is a part of another by now is seen by whoever sees that one.
    const survivor = mergedInto(list, history, id);
    return survivor === undefined ? isInSight(scope, list, history) : this.isSeen(aggregate, principal, survivor);
  }

  private scopeOf(principal: Principal, aggregate: string): Scope {
    const { scopeOf: ofOwn = scopeOf } = this.parts;
    return (this.isOwn(aggregate) ? ofOwn : scopeOf)(principal, aggregate);
  }

  private isOwn(aggregate: string): boolean {
    return aggregate === this.decider.aggregate;
  }

  private history(
    aggregate: string,
    { tenant }: Principal,
    id: string,
    limit?: number,
  ): Promise<readonly RecordedEvent[]> {
    const stream = streamName(aggregate, tenant, id);
    return Array.fromAsync(this.parts.events.read(stream, limit === undefined ? {} : { limit }));
  }
}

const mergedInto = (
  { declaration, fold: next }: NonNullable<ReturnType<ListOf>>,
  history: readonly RecordedEvent[],
  id: string,
): string | undefined => {
  if (!('mergedInto' in declaration.fields)) return undefined;
  const document = history.reduce<Document | null>((before, event) => next(before, event, id), null);
  return (document as MergeStatus | null)?.mergedInto;
};

/** `user`, of identity's users: `identity.user`. */
const nounOf = (aggregate: string): string => aggregate.slice(aggregate.lastIndexOf('.') + 1);

/** Who somebody is, and in which teams, is known to that one, whatever roles say of users and teams. */
const isOnesOwn = ({ policy }: Principal, id: string): boolean =>
  policy !== undefined && (policy.owners.includes(id) || policy.teams.includes(id));

const idsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).filter(isText);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const problemAt = (field: string, code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer: `/${field.replace('.', '/')}`, code, message }] });
