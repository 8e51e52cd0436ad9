import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { and, type Document, type Filter, isHidden, or, where } from '@rapport/read-models';
import { everyIdOf, type Handlers, momentFor, positionIn, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { accounts } from '../records/accounts.js';
import { activities } from '../records/activities.js';
import { consents } from '../records/consents.js';
import { contacts } from '../records/contacts.js';
import { leads } from '../records/leads.js';
import { EntryPages, type Place, type Source } from './entry-pages.js';
import { EntrySight, type Told } from './entry-sight.js';
import { heardOpportunities } from './heard-opportunities.js';
import { EVENT, timeline, type TimelineEntry } from './timeline.js';

type Request = contactsV1.ListTimelineRequest;
type Answer = Promise<contactsV1.ListTimelineResponse>;

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
/** Entries judged together. */
const AT_ONCE = 60;
/** So many that are out of sight in a row end a page. */
const MOST_LOOKED_AT = 3_000;
/** Contacts and opportunities of an account whose events its timeline shows: those that changed last. */
const MOST_OF_AN_ACCOUNT = 200;

/** Behind the last entry that was looked at, and whether pinned ones are over. */
interface Cursor extends Place {
  readonly part: 'pinned' | 'others';
}

/** rapport.contacts.v1.TimelinesService */
@Injectable()
export class TimelinesApi implements Handlers<contactsV1.TimelinesService> {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  async listContactTimeline(request: Request, call: CallContext): Answer {
    await this.caughtUp(call);
    const ids = await this.everyIdOf('contact', request.id, call);
    const contact = await this.record('contact', ids[0]!, call);
    if ('restriction' in contact) throw restricted();
    const leads = await this.leadsOf('convertedContactId', ids, call);
    return this.page(request, besides([...named('contact', ids), ...leads]), call);
  }

  async listAccountTimeline(request: Request, call: CallContext): Answer {
    await this.caughtUp(call);
    const ids = await this.everyIdOf('account', request.id, call);
    await this.record('account', ids[0]!, call);
    const below = request.kind === undefined || request.kind === EVENT ? await this.below(ids, call) : [];
    const leads = await this.leadsOf('convertedAccountId', ids, call);
    return this.page(request, [...besides([...named('account', ids), ...leads]), ...below], call);
  }

  async listLeadTimeline(request: Request, call: CallContext): Answer {
    await this.caughtUp(call);
    const lead = await this.record('lead', request.id, call);
    if ('restriction' in lead) throw restricted();
    return this.page(request, [{ record: `lead:${request.id}` }], call);
  }

  async listOpportunityTimeline(request: Request, call: CallContext): Answer {
    await this.caughtUp(call);
    await this.record('opportunity', request.id, call);
    const leads = await this.leadsOf('convertedOpportunityId', [request.id], call);
    return this.page(request, besides([`opportunity:${request.id}`, ...leads]), call);
  }

  /** What happened to a record that is a part of this one happened to this one. */
  private everyIdOf(kind: 'contact' | 'account', id: string, { principal }: CallContext): Promise<readonly string[]> {
    return everyIdOf(this.runtime.projection<Document>(LISTS[kind]).documents, principal.tenant, id);
  }

  private async page(request: Request, sources: readonly Source[], call: CallContext): Answer {
    const { asOf, limit = 50, pinnedFirst } = request;
    const moment = asOf === undefined ? undefined : momentFor(asOf, call, this.runtime.tenants.calendar);
    const sight = new EntrySight(this.runtime, call, moment);
    const begun = request.cursor ? cursorIn(request.cursor) : undefined;
    const parts = pinnedFirst ? (['pinned', 'others'] as const) : (['others'] as const);
    const data: Told[] = [];
    const first: Place = { at: moment ?? END_OF_TIME, id: LAST };
    for (const part of parts) {
      if (begun?.part === 'others' && part === 'pinned') continue;
      const after = begun?.part === part ? begun : first;
      const pages = new EntryPages(
        this.entries,
        call.principal.tenant,
        this.asked(request, sources, part, moment),
        after,
      );
      const next = await fill(pages, sight, { data, limit, after });
      if (next) return { data: data.map(({ message }) => message), page: pageOf(encoded({ ...next, part })) };
    }
    return { data: data.map(({ message }) => message), page: pageOf('') };
  }

  /** What is asked for of each record. */
  private asked(
    { kind, actorId, pinnedFirst }: Request,
    sources: readonly Source[],
    part: Cursor['part'],
    moment: string | undefined,
  ): readonly Source[] {
    const pinned = where('pinned', '=', true);
    const terms: Filter[] = [
      ...(kind === undefined ? [] : [where('kind', '=', kind)]),
      ...(actorId === undefined ? [] : [or(where('actorId', '=', actorId), where('behalfId', '=', actorId))]),
      ...(moment === undefined ? [] : [where('since', '<=', moment)]),
      ...(pinnedFirst ? [part === 'pinned' ? pinned : ({ kind: 'not', term: pinned } as const)] : []),
    ];
    return sources.flatMap((source) => {
      // Only activities are pinned, and only events are told of those below.
      if (source.filter && part === 'pinned') return [];
      const all = source.filter ? [...terms, source.filter] : terms;
      return [all.length === 0 ? source : { ...source, filter: and(...all) }];
    });
  }

  /** What belongs to an account, that which changed last first. */
  private async below(accountIds: readonly string[], { principal }: CallContext): Promise<readonly Source[]> {
    const query = {
      filter: or(...accountIds.map((id) => where('accountId', '=', id))),
      sort: [{ field: 'updatedAt', descending: true }],
      limit: MOST_OF_AN_ACCOUNT,
    };
    const events = where('kind', '=', EVENT);
    const sources: (Source & { readonly newest: string })[] = [];
    for (const kind of ['contact', 'opportunity'] as const) {
      const scope = scopeOf(principal, kind);
      // Whose account somebody may not know is not told by what is in its timeline.
      if (isHidden(scope, 'accountId')) continue;
      const { documents } = await this.runtime.projection<Changed>(LISTS[kind]).documents.query(scope, query);
      for (const { id, updatedAt } of documents)
        sources.push({ record: `${kind}:${id}`, newest: updatedAt, filter: events });
    }
    return sources.sort((a, b) => (a.newest > b.newest ? -1 : 1));
  }

  /** What was told of leads goes on where they went. */
  private async leadsOf(field: string, ids: readonly string[], call: CallContext): Promise<readonly string[]> {
    const { documents } = this.runtime.projection<Document>(LISTS.lead);
    const scope = scopeOf(call.principal, 'lead');
    if (isHidden(scope, field)) return [];
    const filter = or(...ids.map((id) => where(field, '=', id)));
    const page = await documents.query(scope, { filter, limit: MOST_OF_AN_ACCOUNT });
    return page.documents.map(({ id }) => `lead:${id}`);
  }

  private async record(kind: keyof typeof LISTS, id: string, call: CallContext): Promise<Document> {
    const { documents } = this.runtime.projection<Document>(LISTS[kind]);
    const found = await documents.get(scopeOf(call.principal, kind), id);
    if (found) return found;
    if (kind === 'opportunity') {
      await this.heard();
      const heard = await documents.get(scopeOf(call.principal, kind), id);
      if (heard) return heard;
    }
    throw new DomainError('not-found', `${kind}-not-found`, `There is no ${kind} ${id}. Check the id, or list them.`);
  }

  /** Waits for the writes that the caller's consistency token names, in sales too. */
  private async caughtUp(call: CallContext): Promise<void> {
    if (positionIn(call.consistency, 'sales') !== undefined) await this.heard();
    const position = positionIn(call.consistency, this.runtime.definition.context);
    if (position === undefined) return;
    const { runtime } = this;
    const followed = [
      runtime.projection(timeline),
      runtime.projection(contacts.projection),
      runtime.projection(accounts.projection),
      runtime.projection(activities.projection),
      runtime.projection(leads.projection),
      runtime.projection(consents.projection),
    ];
    await Promise.all(followed.map((each) => each.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS)));
  }

  private async heard(): Promise<void> {
    const { runtime } = this;
    await runtime.neighbours.caughtUp();
    const end = await runtime.engines.events.end();
    await runtime.projection(timeline).reach(end, CAUGHT_UP_WITHIN_MILLISECONDS);
    await runtime.projection(heardOpportunities).reach(end, CAUGHT_UP_WITHIN_MILLISECONDS);
  }

  private get entries() {
    return this.runtime.projection(timeline).documents;
  }
}

const named = (kind: 'contact' | 'account', ids: readonly string[]): readonly string[] =>
  ids.map((id) => `${kind}:${id}`);

const LISTS = {
  contact: contacts.projection,
  account: accounts.projection,
  lead: leads.projection,
  opportunity: heardOpportunities,
} as const;

/** What concerns several of these is told once. */
const besides = (records: readonly string[]): readonly Source[] =>
  records.map((record, n) => ({ record, besides: records.slice(0, n) }));

type Changed = Document & { readonly updatedAt: string };

/** Behind every id, and every moment. */
const LAST = '\uffff';
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

interface Page {
  readonly data: Told[];
  readonly limit: number;
  readonly after: Place;
}

/** Adds entries in sight until the page is full; the place behind the last one then, where there is more. */
const fill = async (pages: EntryPages, sight: EntrySight, { data, limit, after }: Page): Promise<Place | undefined> => {
  let last = after;
  for (let looked = 0; ;) {
    const batch: TimelineEntry[] = [];
    const wanted = Math.min(AT_ONCE, limit - data.length + 1);
    for (let n = 0; n < wanted; n += 1) {
      const entry = await pages.next();
      if (!entry) break;
      batch.push(entry);
    }
    if (batch.length === 0) return undefined;
    const told = await sight.told(batch);
    for (const each of told) {
      if (data.length === limit) return last;
      data.push(each);
      last = each.place;
    }
    looked += batch.length;
    if (looked >= MOST_LOOKED_AT) return batch.at(-1);
  }
};

const pageOf = (next: string) => ({ next, hasMore: next !== '', total: undefined });

const encoded = ({ part, at, id }: Cursor): string => Buffer.from(JSON.stringify([part, at, id])).toString('base64url');

/** @throws DomainError invalid `bad-cursor` */
const cursorIn = (cursor: string): Cursor => {
  try {
    const [part, at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const isPart = part === 'pinned' || part === 'others';
    if (isPart && typeof at === 'string' && !Number.isNaN(Date.parse(at)) && typeof id === 'string')
      return { part, at, id };
  } catch {
    // Told below.
  }
  throw new DomainError('invalid', 'bad-cursor', 'cursor is not one of this list. Start without it.');
};

const restricted = (): DomainError => {
  const message =
    'The processing of what is known about this person is restricted: its past is shown to privacy officers alone.';
  return new DomainError('forbidden', 'processing-restricted', message);
};
