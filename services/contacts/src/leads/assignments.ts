import { Inject, Injectable } from '@nestjs/common';
import { everythingOf } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { externalAggregate, streamName } from '@rapport/event-store';
import { type CallContext, DomainError } from '@rapport/kernel';
import { and, type Filter, or, where } from '@rapport/read-models';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { assigneeOf, type Assignment } from '../domain/assignment/assignment.js';
import { type LeadRecords, leads } from '../records/leads.js';

const USER = externalAggregate('identity', 'user');
const GONE: Readonly<Record<string, boolean>> = {
  ...{ UserArchived: true, UserErased: true, UserProcessingRestricted: true },
  ...{ UserRestored: false, UserRestrictionLifted: false },
};
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** Gives leads to whoever's turn it is, has the fewest, or a rule names. */
@Injectable()
export class Assignments {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(leads.token) private readonly records: LeadRecords,
  ) {}

  /** By a form's own; the turn is that of the form. */
  forForm(form: { readonly id: string; readonly assignment?: Assignment }, fields: object, call: CallContext) {
    const { assignment } = form;
    return assignment && this.assignee(assignment, fields, { of: where('formId', '=', form.id), call });
  }

  /** @throws DomainError conflict `nobody-there` where nobody is left of those who are named */
  async assign(
    { id, assignment }: { readonly id: string; readonly assignment: Assignment },
    call: CallContext,
  ): Promise<contactsV1.Lead> {
    const lead = await this.records.get({ id, asOf: undefined, asOfBy: undefined }, { ...call, answer: {} });
    const ownerId = await this.assignee(assignment, lead, { of: undefined, call });
    if (ownerId === undefined) throw nobody();
    return this.records.edit(id, { ownerId }, ['ownerId'], call, [id, assignment]);
  }

  private async assignee(
    assignment: Assignment,
    fields: object,
    { of, call }: { readonly of: Filter | undefined; readonly call: CallContext },
  ): Promise<string | undefined> {
    const { tenant } = call.principal;
    const named = [...assignment.userIds, ...assignment.rules.flatMap(({ userIds }) => userIds)];
    const ids = [...new Set(named)];
    if (ids.length === 0) return undefined;
    const list = this.runtime.projection(leads.projection);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const there = await Promise.all(ids.map(async (id) => [id, await this.isThere(tenant, id)] as const));
    const open = await Promise.all(ids.map(async (id) => [id, await this.openOf(tenant, id)] as const));
    return assigneeOf(assignment, {
      fields: fields as Readonly<Record<string, unknown>>,
      isThere: (id) => new Map(there).get(id) ?? false,
      last: await this.last(tenant, ids, of),
      openOf: (id) => new Map(open).get(id) ?? 0,
    });
  }

  /** Whether a user works here still, by what identity lets be heard. */
  async isThere(tenant: string, id: string): Promise<boolean> {
    let isThere = false;
    for await (const { type } of this.runtime.events.read(streamName(USER, tenant, id)))
      isThere = !(GONE[type] ?? false);
    return isThere;
  }

  private openOf(tenant: string, ownerId: string): Promise<number> {
    const open = or(...['new', 'working', 'qualified'].map((status) => where('status', '=', status)));
    const filter = and(where('ownerId', '=', ownerId), open, where('archived', '=', false));
    return this.runtime.projection(leads.projection).documents.count(everythingOf(tenant), filter);
  }

  private async last(tenant: string, ids: readonly string[], of: Filter | undefined): Promise<string | undefined> {
    const theirs = or(...ids.map((id) => where('ownerId', '=', id)));
    const filter = of ? and(of, theirs) : theirs;
    const query = { filter, sort: [{ field: 'createdAt', descending: true }], limit: 1 };
    const { documents } = await this.runtime.projection(leads.projection).documents.query(everythingOf(tenant), query);
    return documents[0]?.ownerId;
  }
}

const nobody = (): DomainError => {
  const message = 'Nobody of those who are named works here any more. Name others.';
  return new DomainError('conflict', 'nobody-there', message);
};
