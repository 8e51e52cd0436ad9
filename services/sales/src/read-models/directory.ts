import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { salesV1 } from '@rapport/contracts';
import type { CallContext, TimeZone } from '@rapport/kernel';
import type { Document, Documents } from '@rapport/read-models';
import { positionIn, RUNTIME, type ServiceRuntime, survivorsOf } from '@rapport/service-kit';
import { type PipelineDocument, pipelines } from '../records/pipelines.js';
import { type ProductDocument, products } from '../records/products.js';
import { type RepresentativeDocument, representatives } from '../records/representatives.js';
import { type AccountName, accountNames } from './account-names.js';
import { type UserName, userNames } from './user-names.js';
import { type OpportunitiesByStage, opportunitiesByStage } from './stages/opportunities-by-stage.js';
import type { Names } from './won-value/won-dimensions.js';

type Named = Pick<UserName, 'name'>;

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** Names behind the ids, as they are today. */
@Injectable()
export class Directory {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  /** By whose days a tenant reckons. */
  zoneOf(tenant: string): TimeZone {
    return this.runtime.tenants.calendar.zoneOf(tenant);
  }

  /** The month that a tenant's fiscal year begins with, 1 to 12. */
  fiscalYearStart(tenant: string): number {
    return this.runtime.tenants.of(tenant).fiscalYearStartsIn ?? 1;
  }

  get accounts(): Documents<AccountName> {
    return this.runtime.projection(accountNames).documents;
  }

  get opportunities(): OpportunitiesByStage {
    return opportunitiesByStage(this.runtime);
  }

  get products(): Documents<ProductDocument> {
    return this.runtime.projection(products.projection).documents;
  }

  get representatives(): Documents<RepresentativeDocument> {
    return this.runtime.projection(representatives.projection).documents;
  }

  get users(): Documents<UserName> {
    return this.runtime.projection(userNames).documents;
  }

  get pipelines(): Documents<PipelineDocument> {
    return this.runtime.projection(pipelines.projection).documents;
  }

  /** Waits until the names show the write that the caller's consistency token names. */
  async caughtUp(call: CallContext): Promise<void> {
    const position = positionIn(call.consistency, this.runtime.definition.context);
    if (position === undefined) return;
    const read = [products, representatives, pipelines].map(({ projection }) =>
      this.runtime.projection<Document>(projection),
    );
    await Promise.all(read.map((projection) => projection.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS)));
  }

  /** The opportunities with the names of account, owner and product filled in. */
  async named(opportunities: readonly salesV1.Opportunity[], call: CallContext): Promise<salesV1.Opportunity[]> {
    await this.caughtUp(call);
    const ids = (field: 'ownerId' | 'productId' | 'accountId') =>
      opportunities.map((opportunity) => opportunity[field]);
    const [owners, products, accounts] = await Promise.all([
      this.owners(ids('ownerId'), call),
      byId(this.products, 'product', ids('productId'), call),
      this.accountsOf(ids('accountId'), call),
    ]);
    return opportunities.map((opportunity) => ({
      ...opportunity,
      ownerName: owners.get(opportunity.ownerId ?? '')?.name,
      productName: products.get(opportunity.productId ?? '')?.name,
      accountName: accounts.get(opportunity.accountId ?? '')?.name,
    }));
  }

  /** Whom something belongs to: a representative is called as sales calls that one, anybody else as identity does. */
  private async owners(
    ids: Iterable<string | undefined>,
    call: CallContext,
  ): Promise<ReadonlyMap<string, Partial<RepresentativeDocument> & Named>> {
    const all = [...new Set(ids)];
    const known = await byId(this.representatives, 'representative', all, call);
    const others = all.filter((id) => id !== undefined && !known.has(id));
    return new Map([...(await byId(this.users, 'user', others, call)), ...known]);
  }

  /** An id of one that is a part of another by now stands for that one. */
  private async accountsOf(
    ids: Iterable<string | undefined>,
    call: CallContext,
  ): Promise<ReadonlyMap<string, AccountName>> {
    const all = [...new Set(ids)].filter((id) => id !== undefined && id !== '') as string[];
    const leads = await survivorsOf(this.accounts, call.principal.tenant, all);
    const seen = await byId(this.accounts, 'account', new Set(all.map((id) => leads.get(id) ?? id)), call);
    return new Map(
      all.flatMap((id) => {
        const account = seen.get(leads.get(id) ?? id);
        return account ? [[id, account] as const] : [];
      }),
    );
  }

  /** For answers to what is stored already: names that cannot be had are left out. */
  async ifPossible<T>(withNames: () => Promise<T>, without: T): Promise<T> {
    try {
      return await withNames();
    } catch (failure) {
      this.runtime.engines.logger.warn('An answer goes out without names', {}, failure);
      return without;
    }
  }

  /** What the ids are called that stand in a report, by the field they stand in. */
  async namesOf(ids: (field: string) => Iterable<string>, call: CallContext): Promise<Names> {
    await this.caughtUp(call);
    const accountIds = new Set(ids('accountId'));
    const [owners, products, accounts, survivors, pipelines] = await Promise.all([
      this.owners(ids('ownerId'), call),
      byId(this.products, 'product', ids('productId'), call),
      this.accountsOf(accountIds, call),
      survivorsOf(this.accounts, call.principal.tenant, accountIds),
      byId(this.pipelines, 'pipeline', ids('pipelineId'), call),
    ]);
    const fiscalYearStartsIn = this.fiscalYearStart(call.principal.tenant);
    return { owners, products, accounts, survivors, pipelines, fiscalYearStartsIn };
  }
}

/** What the caller may see of what ids stand for; empty ids stand for nothing. */
const byId = <D extends Document>(
  documents: Documents<D>,
  object: string,
  ids: Iterable<string | undefined>,
  call: CallContext,
): Promise<ReadonlyMap<string, D>> =>
  documents.getMany(
    scopeOf(call.principal, object),
    [...ids].filter((id) => id !== undefined && id !== '') as string[],
  );
