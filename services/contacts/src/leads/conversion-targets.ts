import { Inject, Injectable } from '@nestjs/common';
import { reaches, scopeOf } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import {
  type CallContext,
  type Decider,
  DomainError,
  type DomainEvent,
  fold,
  idBeside,
  isRejection,
  type RecordedEvent,
} from '@rapport/kernel';
import { and, type Document, where } from '@rapport/read-models';
import { type AnyRecord, owned, Permit, RUNTIME, type ServiceRuntime, survivorOf } from '@rapport/service-kit';
import type { Conversion, Made, OpportunityOfLead } from '../domain/lead/lead.events.js';
import type { LeadState } from '../domain/lead/lead.js';
import type { PairedKind } from '../domain/duplicate/duplicate.js';
import { LookAlikes } from '../duplicates/look-alikes.js';
import type { MatchedDocument } from '../duplicates/matched-kind.js';
import { accounts } from '../records/accounts.js';
import { contacts } from '../records/contacts.js';
import { Suppressions } from '../suppression/suppressions.js';
import { addressesIn } from '../addresses/addresses-in.js';
import { heardOpportunities } from '../timeline/heard-opportunities.js';
import { accountOf, contactOf, lackedBy } from './made-of-lead.js';

type Lead = NonNullable<LeadState>;

/** What a conversion would come to. */
export interface Foreseen {
  readonly conversion: Conversion;
  /** As they would be; undefined where there is none. */
  readonly account: object | undefined;
  readonly contact: object;
  readonly likelyContactIds: readonly string[];
  readonly likelyAccountIds: readonly string[];
}

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
const MOST_LIKELY = 10;

/** Looks, before a lead is converted, at what it is to become: whether the caller may, and whether it is there already. */
@Injectable()
export class ConversionTargets {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(LookAlikes) private readonly lookAlikes: LookAlikes,
    @Inject(Suppressions) private readonly suppressions: Suppressions,
  ) {}

  /**
   * @param revision of the lead: each conversion makes records of its own
   * @throws DomainError where the caller may not, or a target is not there or cannot be made
   */
  async foresee(
    lead: Lead,
    revision: number,
    asked: contactsV1.ConvertLeadRequest,
    call: CallContext,
  ): Promise<Foreseen> {
    const idOf = (made: Made): string => idBeside(asked.id, made, revision);
    const account = await this.account(lead, asked.account, idOf('account'), call);
    const contact = await this.contact(lead, account?.id, { target: asked.contact, id: idOf('contact'), call });
    const opportunity = await this.opportunity(lead, asked.opportunity, idOf('opportunity'), call);
    const made = (
      [
        ['account', account?.isNew],
        ['contact', contact.isNew],
        ['opportunity', opportunity?.fields !== undefined],
      ] as const
    ).flatMap(([what, isMade]) => (isMade ? [what] : []));
    return {
      conversion: {
        ...(account && { accountId: account.id }),
        contactId: contact.id,
        ...(opportunity && { opportunityId: opportunity.id }),
        made,
        ...(opportunity?.fields && { opportunity: opportunity.fields }),
      },
      account: account?.fields,
      contact: contact.fields,
      likelyContactIds: contact.isNew ? await this.likely('contact', contact, call) : [],
      likelyAccountIds: account?.isNew ? await this.likelyAccounts(lead.company!, account, call) : [],
    };
  }

  private async account(lead: Lead, target: contactsV1.LeadTarget | undefined, id: string, call: CallContext) {
    if (!isAsked(target, '/account')) return undefined;
    if (target.id) {
      const known = await this.survivorOf(accounts, target.id, call);
      return { id: known, isNew: false, fields: (await this.seen(accounts, known, call)).state };
    }
    if (lead.company === undefined) throw invalid('company-missing', '/account/new', NO_COMPANY);
    const fields = this.creatable(accounts, accountOf(lead), { id, call });
    return { id, isNew: true, fields };
  }

  private async contact(
    lead: Lead,
    accountId: string | undefined,
    { target, id, call }: { target: contactsV1.LeadTarget | undefined; id: string; call: CallContext },
  ) {
    if (!isAsked(target, '/contact') || !target.id) {
      const fields = this.creatable(contacts, contactOf(lead, accountId), { id, call });
      await this.suppressions.refuse(addressesIn(fields), call.principal.tenant);
      return { id, isNew: true, fields };
    }
    const known = await this.survivorOf(contacts, target.id, call);
    const { state, history, permit } = await this.seen(contacts, known, call);
    const lacking = lackedBy(state, lead, accountId);
    if (Object.keys(lacking).length === 0) return { id: known, isNew: false, fields: state };
    permit.require('edit', history);
    this.decided(contacts, { call, id: known }, (decide) => decide.edit(state as never, { set: lacking } as never, at));
    return { id: known, isNew: false, fields: { ...state, ...lacking } };
  }

  private async opportunity(
    lead: Lead,
    target: contactsV1.LeadOpportunity | undefined,
    id: string,
    call: CallContext,
  ): Promise<{ readonly id: string; readonly fields?: OpportunityOfLead } | undefined> {
    if (!isAsked(target, '/opportunity')) return undefined;
    const { principal } = call;
    if (target.id) {
      await this.runtime.neighbours.caughtUp();
      const list = this.runtime.projection(heardOpportunities);
      await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
      if (await list.documents.get(scopeOf(principal, 'opportunity'), target.id)) return { id: target.id };
      throw missing('opportunity', target.id);
    }
    if (!reaches(principal, 'opportunity', 'create')) throw notPermitted('opportunity');
    const name = target.name ?? lead.company;
    if (name === undefined)
      throw invalid(
        'name-missing',
        '/opportunity/name',
        'The lead has no company: say what the opportunity is called.',
      );
    const { pipelineId, stageId, expectedCloseOn } = target;
    const amount = target.amount ?? lead.amount;
    const belonging = owned(given({ ownerId: lead.ownerId, teamId: lead.teamId }), principal, 'opportunity');
    return { id, fields: { name, ...given({ pipelineId, stageId, expectedCloseOn, amount }), ...belonging } };
  }

  /** What would be created, where the caller may. */
  private creatable(record: AnyRecord, fields: object, { id, call }: { id: string; call: CallContext }): object {
    const { aggregate } = record.decider;
    if (!reaches(call.principal, aggregate, 'create')) throw notPermitted(aggregate);
    const given = owned(fields, call.principal, aggregate);
    this.decided(record, { call, id }, (decide) => decide.create(null as never, given as never, at));
    return given;
  }

  private decided(record: AnyRecord, { call, id }: Whose, take: (decide: Deciding) => unknown): void {
    const permit = this.permit(record, call);
    const decide = () =>
      take((record.decider as unknown as { readonly decide: Deciding }).decide) as readonly DomainEvent[];
    const judged = permit.judged('create', { name: 'ForeseeConversion', input: id, decide });
    const decision = judged.decide(null, { at: this.runtime.engines.clock.now().toISOString(), id }, []);
    if (isRejection(decision)) throw DomainError.of(decision);
  }

  /** Where an id leads that was merged. */
  private survivorOf({ projection }: Pick<AnyRecord, 'projection'>, id: string, { principal }: CallContext) {
    return survivorOf(this.runtime.projection<Document>(projection).documents, principal.tenant, id);
  }

  private async seen(record: AnyRecord, id: string, call: CallContext) {
    const { aggregate } = record.decider;
    const stream = streamName(aggregate, call.principal.tenant, id);
    const history: readonly RecordedEvent[] = await Array.fromAsync(this.runtime.events.read(stream));
    const permit = this.permit(record, call);
    const decider = record.decider as unknown as Decider<object | null, DomainEvent, object>;
    const state = fold(decider, history as unknown as readonly DomainEvent[]);
    if (!state || !permit.isInSight(history)) throw missing(aggregate, id);
    const refused = decider.final?.(state);
    if (refused && isRejection(refused)) throw DomainError.of(refused);
    return { state, history, permit };
  }

  private permit(record: AnyRecord, call: CallContext): Permit<object | null, DomainEvent> {
    const { decider, projection } = record;
    return new Permit({ call, decider: decider as never, projection: projection as never, scopeOf });
  }

  /** Likeliest first, as the caller sees them. */
  private async likely(
    kind: PairedKind,
    { id, fields }: Target,
    { principal }: CallContext,
  ): Promise<readonly string[]> {
    const record = { ...fields, id, tenant: principal.tenant } as MatchedDocument;
    const found = await this.lookAlikes.of(kind, record, principal);
    return found.slice(0, MOST_LIKELY).map((each) => each.id);
  }

  /** One that is called the same is shown too, whatever else is known of it. */
  private async likelyAccounts(name: string, target: Target, call: CallContext): Promise<readonly string[]> {
    const { documents } = this.runtime.projection(accounts.projection);
    const filter = and(where('name', '=', name), where('archived', '=', false));
    const page = await documents.query(scopeOf(call.principal, 'account'), { filter, limit: MOST_LIKELY });
    return [...new Set([...page.documents.map(({ id }) => id), ...(await this.likely('account', target, call))])];
  }
}

interface Target {
  readonly id: string;
  readonly fields: object;
}

interface Whose {
  readonly call: CallContext;
  readonly id: string;
}

type Deciding = Readonly<Record<'create' | 'edit', (state: never, command: never, at: unknown) => unknown>>;

/** Of a decision that is only tried. */
const at = { at: new Date(0).toISOString(), id: '' };

const isAsked = <T extends { id?: string | undefined; new?: boolean | undefined }>(
  target: T | undefined,
  pointer: string,
): target is T => {
  if (!target || (!target.id && !target.new)) return false;
  if (target.id && target.new) throw invalid('both', pointer, 'Give the id of one that is there, or "new", not both.');
  return true;
};

const NO_COMPANY = 'The lead has no company, so no account is made of it. Name one, or give the account that is there.';

const given = <T extends object>(fields: T): { [F in keyof T]?: Exclude<T[F], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

const missing = (noun: string, id: string): DomainError =>
  invalid(`${noun}-not-found`, `/${noun}/id`, `There is no ${noun} ${id}. Check the id, or list them.`);

const notPermitted = (noun: string): DomainError => {
  const message = `Your roles do not let you create this ${noun}. Give one that is there, or ask an administrator.`;
  return new DomainError('forbidden', 'not-permitted', message);
};

const invalid = (code: string, pointer: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer, code, message }] });
