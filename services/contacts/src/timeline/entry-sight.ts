import { scopeOf } from '@rapport/access';
import { contactsV1 } from '@rapport/contracts';
import type { CallContext, Protection } from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import { streamName } from '@rapport/event-store';
import { type Document, type Scope, shown } from '@rapport/read-models';
import { type ServiceRuntime, upTo } from '@rapport/service-kit';
import { activityMessage } from '../activities/activity-message.js';
import { accounts } from '../records/accounts.js';
import { activities, type ActivityDocument } from '../records/activities.js';
import { consents } from '../records/consents.js';
import { contacts } from '../records/contacts.js';
import { leads } from '../records/leads.js';
import type { Place } from './entry-pages.js';
import { heardOpportunities } from './heard-opportunities.js';
import type { TimelineEntry } from './timeline.js';
import { changesSeen } from './told-events.js';

/** An entry as a reader is told of it. */
export interface Told {
  readonly message: contactsV1.TimelineEntry;
  readonly place: Place;
}

/** What entries tell of, and the list by which a reader's sight of it is judged. */
const LISTS: Readonly<Record<string, Pick<Projection, 'declaration'>>> = {
  contact: contacts.projection,
  account: accounts.projection,
  activity: activities.projection,
  lead: leads.projection,
  consent: consents.projection,
  opportunity: heardOpportunities,
};

type Seen = ReadonlyMap<string, Document & Protection>;

/** What one reader sees of entries: judged by the records that they tell of, as they are now. */
export class EntrySight {
  /** @param moment as of when activities are told; as they are when left out */
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly call: CallContext,
    private readonly moment: string | undefined,
  ) {}

  /** Entries in sight, in the same order. */
  async told(entries: readonly TimelineEntry[]): Promise<readonly Told[]> {
    const kinds = Map.groupBy(entries, ({ object }) => object);
    const seen = new Map<string, Seen>();
    for (const [object, each] of kinds)
      seen.set(object, await this.seen(object, new Set(each.map(({ objectId }) => objectId))));
    const told = await Promise.all(entries.map((entry) => this.tell(entry, seen.get(entry.object)!)));
    return told.filter((each) => each !== undefined);
  }

  private async seen(object: string, ids: Iterable<string>): Promise<Seen> {
    const list = LISTS[object];
    if (!list) return new Map();
    return this.runtime.projection<Document>(list).documents.getMany(this.scope(object), ids);
  }

  private async tell(entry: TimelineEntry, seen: Seen): Promise<Told | undefined> {
    const record = seen.get(entry.objectId);
    if (!record || record.restriction !== undefined) return undefined;
    const { id, kind, at, pinned, object, objectId, actorId } = entry;
    const said = { id, kind, at, pinned: pinned ?? false, object, objectId };
    const further =
      object === 'activity'
        ? await this.activity(record as ActivityDocument)
        : await this.event(entry, this.scope(object));
    if (!further) return undefined;
    const actor = further.actor ?? { kind: '', id: actorId };
    return { message: contactsV1.TimelineEntry.fromPartial({ ...said, ...further, actor }), place: { at, id } };
  }

  private async event({ stream, revision }: TimelineEntry, scope: Scope) {
    const [event] = await Array.fromAsync(this.runtime.events.read(stream!, { from: revision!, limit: 1 }));
    const changes = event && changesSeen(scope, event);
    return changes && { type: event.type, changes: [...changes], actor: event.metadata.actor };
  }

  private async activity(document: ActivityDocument) {
    const { id, tenant } = document;
    const stream = streamName('activity', tenant, id);
    const [first] = await Array.fromAsync(this.runtime.events.read(stream, { limit: 1 }));
    const then = this.moment === undefined ? document : await this.asOf(stream, id);
    if (!first || !then || then.archived) return undefined;
    const zone = this.runtime.tenants.calendar.zoneOf(tenant);
    const at = this.moment ?? this.runtime.engines.clock.now().toISOString();
    return { activity: activityMessage(then, zone, at), actor: first.metadata.actor };
  }

  private async asOf(stream: string, id: string): Promise<ActivityDocument | undefined> {
    const events = upTo(await Array.fromAsync(this.runtime.events.read(stream)), this.moment!, 'occurred');
    const { projection } = activities;
    const document = events.reduce<ActivityDocument | null>(
      (before, event) => projection.fold(before, event, id),
      null,
    );
    // Who may see it is judged by whose it is now; what they may see of it, by their rights.
    return document ? shown(this.scope('activity'), document) : undefined;
  }

  private scope(object: string): Scope {
    return scopeOf(this.call.principal, object);
  }
}
