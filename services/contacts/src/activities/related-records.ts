import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { streamName } from '@rapport/event-store';
import { type CallContext, DomainError, type RecordedEvent } from '@rapport/kernel';
import { type Document, visible } from '@rapport/read-models';
import { positionIn, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { ActivityFields, RelatedRecord } from '../domain/activity/activity.events.js';
import { accounts } from '../records/accounts.js';
import { contacts } from '../records/contacts.js';
import { leads } from '../records/leads.js';
import { heardOpportunities, OPPORTUNITIES } from '../timeline/heard-opportunities.js';

/** Of what activities can be related to: where its facts lie here, and how a reader's sight of it is told. */
const KINDS = {
  contact: { aggregate: 'contact', list: contacts.projection },
  account: { aggregate: 'account', list: accounts.projection },
  lead: { aggregate: 'lead', list: leads.projection },
  opportunity: { aggregate: OPPORTUNITIES, list: heardOpportunities },
} as const;

const HEARD_WITHIN_MILLISECONDS = 5_000;
const BETWEEN_LOOKS_MILLISECONDS = 25;

type Linked = Pick<ActivityFields, 'related' | 'participants'>;
type Known = Document & { readonly accountId?: string };

/** Records that activities concern: they have to be there and in sight. */
@Injectable()
export class RelatedRecords {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  /**
   * The records that somebody wants an activity to concern, with the accounts of those that have one and where none is named.
   * @param before what it concerns already, which is not judged
   * @throws DomainError invalid, at the first that is missing or out of sight
   */
  async checked(
    { related = [], participants = [] }: Linked,
    before: Linked,
    call: CallContext,
  ): Promise<Linked['related']> {
    const known = new Set([...(before.related ?? []).map(nameOf), ...contactsIn(before).map(nameOf)]);
    const found: Known[] = [];
    for (const [n, each] of related.entries()) {
      const record = await this.seen(each, call);
      if (record) found.push(record);
      else if (!known.has(nameOf(each))) throw missing(each, `/related/${n}/id`);
    }
    for (const each of contactsIn({ participants }))
      if (!known.has(nameOf(each)) && !(await this.seen(each, call))) throw missing(each, '/participants');
    if (related.some(({ kind }) => kind === 'account')) return distinct(related);
    const accountIds = found.flatMap(({ accountId }) => accountId ?? []);
    return distinct([...related, ...accountIds.map((id) => ({ kind: 'account', id }))]);
  }

  /** What the caller sees of the record, as its own facts have it, so that it is never behind; undefined for one that is out of sight or not there. */
  private async seen({ kind, id }: RelatedRecord, call: CallContext): Promise<Known | undefined> {
    const { principal } = call;
    const { aggregate, list } = KINDS[kind as keyof typeof KINDS];
    const history = await this.history(streamName(aggregate, principal.tenant, id), call);
    if (history.length === 0) return undefined;
    const { declaration } = list;
    const document = history.reduce<Document | null>((before, event) => list.fold(before as never, event, id), null);
    return visible(scopeOf(principal, kind), declaration, document);
  }

  /** What another context lets be heard by now is waited for; and what the caller has written there, until it is heard. */
  private async history(stream: string, { consistency }: CallContext): Promise<readonly RecordedEvent[]> {
    const { events, neighbours } = this.runtime;
    const isWritten = positionIn(consistency, 'sales') !== undefined;
    const until = performance.now() + (isWritten ? HEARD_WITHIN_MILLISECONDS : 0);
    for (let looked = 0; ; looked += 1) {
      const found = await Array.fromAsync(events.read(stream));
      const isOver = looked > 0 && performance.now() > until;
      if (found.length > 0 || isOver || !stream.startsWith(OPPORTUNITIES)) return found;
      if (looked > 0) await pause(BETWEEN_LOOKS_MILLISECONDS);
      await neighbours.caughtUp();
    }
  }
}

const contactsIn = ({ participants = [] }: Pick<ActivityFields, 'participants'>): readonly RelatedRecord[] =>
  participants.flatMap(({ contactId }) => (contactId === undefined ? [] : [{ kind: 'contact', id: contactId }]));

const nameOf = ({ kind, id }: RelatedRecord): string => `${kind} ${id}`;

const distinct = (related: readonly RelatedRecord[]): readonly RelatedRecord[] => [
  ...new Map(related.map((each) => [nameOf(each), each])).values(),
];

const missing = ({ kind, id }: RelatedRecord, pointer: string): DomainError => {
  const message = `There is no ${kind} ${id}. Check the id, or list them.`;
  const code = `${kind}-not-found`;
  return new DomainError('invalid', code, message, { fields: [{ pointer, code, message }] });
};
