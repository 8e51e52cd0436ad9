import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, type Clock, fold, type TimeZone } from '@rapport/kernel';
import { CLOCK, fieldsOf, momentOf, type RecordApi, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { ActivityFields, ActivityEvent } from '../domain/activity/activity.events.js';
import { activity, type ActivityState } from '../domain/activity/activity.js';
import { activities, type ActivityRecords } from '../records/activities.js';
import { judged } from './activity-message.js';
import { RelatedRecords } from './related-records.js';

type Answer = Promise<contactsV1.Activity>;
type Command = 'complete' | 'reopen' | 'markHeld' | 'markNotHeld';

/** What only activities can do: concern records, be completed or held, and be overdue, which depends on when one looks. */
@Injectable()
export class ActivitiesApi implements RecordApi<typeof activities> {
  constructor(
    @Inject(activities.token) private readonly records: ActivityRecords,
    @Inject(RelatedRecords) private readonly related: RelatedRecords,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(message: contactsV1.Activity, call: CallContext): Answer {
    const asked = fieldsOf<ActivityFields>(message, activities.kind.outputOnly);
    const related = await this.related.checked(asked, {}, call);
    // What is added does not belong to what the caller said: a repeated call says the same.
    return this.records.create(message, call, related && related.length > 0 ? { related } : {});
  }

  async edit(id: string, message: contactsV1.Activity, mask: readonly string[], call: CallContext): Answer {
    const asked = fieldsOf<ActivityFields>(message, activities.kind.outputOnly);
    const named = mask.length > 0 ? mask : Object.keys(asked);
    if (!named.some((field) => LINKS.has(field))) return this.records.edit(id, message, mask, call);
    const before = fold(activity, (await this.records.load(id, call)) as unknown as readonly ActivityEvent[]);
    const related = await this.related.checked(asked, before ?? {}, call);
    const completed = named.includes('related') ? { ...message, related: [...(related ?? [])] } : message;
    return this.records.edit(id, completed, named, call, [id, named, asked]);
  }

  async written(message: contactsV1.Activity, call: CallContext): Answer {
    return judged(message, this.zone(call), this.now);
  }

  async getActivity(request: typesV1.GetRecordRequest, call: CallContext): Answer {
    const zone = this.zone(call);
    const at = request.asOf === undefined ? this.now : momentOf(request.asOf, zone);
    return judged(await this.records.get(request, call), zone, at);
  }

  async listActivities(
    request: typesV1.ListRecordsRequest,
    call: CallContext,
  ): Promise<contactsV1.ListActivitiesResponse> {
    const { data, page } = await this.records.list(request, call);
    return { data: data.map((each) => judged(each, this.zone(call), this.now)), page };
  }

  completeTask({ id }: typesV1.RecordRequest, call: CallContext): Answer {
    return this.take('complete', id, call);
  }

  reopenTask({ id }: typesV1.RecordRequest, call: CallContext): Answer {
    return this.take('reopen', id, call);
  }

  markMeetingHeld({ id }: typesV1.RecordRequest, call: CallContext): Answer {
    return this.take('markHeld', id, call);
  }

  markMeetingNotHeld({ id }: typesV1.RecordRequest, call: CallContext): Answer {
    return this.take('markNotHeld', id, call);
  }

  private async take(command: Command, id: string, call: CallContext): Answer {
    const decide = (state: ActivityState, at: Circumstances) => activity.decide[command](state, {}, at);
    const name = `${command[0]!.toUpperCase()}${command.slice(1)}Activity`;
    return this.written(await this.records.run(id, [{ name, input: id, decide }], call), call);
  }

  private get now(): string {
    return this.clock.now().toISOString();
  }

  private zone({ principal }: CallContext): TimeZone {
    return this.runtime.tenants.calendar.zoneOf(principal.tenant);
  }
}

/** Fields that name other records. */
const LINKS: ReadonlySet<string> = new Set(['related', 'participants']);
