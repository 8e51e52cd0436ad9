import { scopeOf, type ScopeOf } from '@rapport/access';
import type { eventsV1 } from '@rapport/contracts';
import { partsOf, prefixOf, type EventStore, type Page } from '@rapport/event-store';
import {
  DomainError,
  START,
  turn,
  type Calendar,
  type CallContext,
  type Position,
  type RecordedEvent,
} from '@rapport/kernel';
import { toCloudEvent, type CloudEvent, type Publishing } from '@rapport/processing';
import { parseFilter, predicate, type FieldType, type Filter } from '@rapport/read-models';
import type { Handlers } from '../handlers.js';
import type { LeadsTo } from '../merges/aliases.js';
import { widenedSubjects } from '../merges/merged-subjects.js';
import { FeedSight, type Judged } from './feed-sight.js';

/** Attributes of a CloudEvent that a feed may be filtered by. `type` and `event` are the full and the short name. */
export const FEED_FIELDS = {
  id: 'text',
  type: 'text',
  event: 'text',
  source: 'text',
  subject: 'text',
  aggregate: 'text',
  record: 'text',
  time: 'time',
  recordedtime: 'time',
  actor: 'text',
  correlationid: 'text',
  causationid: 'text',
  revision: 'number',
} as const satisfies Record<string, FieldType>;

export interface FeedParts {
  readonly publishing: Publishing;
  readonly aggregates: readonly string[];
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  /** What tells records of each aggregate apart; nobody who sees a part is told anything of an aggregate without. */
  readonly records?: ReadonlyMap<string, Judged>;
  /** Which list tells where ids of an aggregate lead, whose records may be merged. */
  readonly leadsTo?: LeadsTo;
  /** By whose days; UTC for everybody when left out. */
  readonly calendar?: Calendar;
  /** Who may see what; the policy of libs/access when left out. */
  readonly scopeOf?: ScopeOf;
}

/** One context's part of the stream of every change, as far as the caller sees what it is about. */
export class ContextEvents implements Handlers<eventsV1.ContextEventsService> {
  constructor(private readonly parts: FeedParts) {}

  async pullEvents(request: eventsV1.PullEventsRequest, call: CallContext): Promise<eventsV1.PullEventsResponse> {
    const scopes = new Map(
      this.parts.aggregates.map((aggregate) => [aggregate, (this.parts.scopeOf ?? scopeOf)(call.principal, aggregate)]),
    );
    const zone = this.parts.calendar?.zoneOf(call.principal.tenant);
    const asked = request.filter ? parseFilter(request.filter, FEED_FIELDS, zone) : undefined;
    const { tenant } = call.principal;
    const only = asked && predicate(await this.widened(asked, tenant), FEED_FIELDS);
    const { publishing, events, records } = this.parts;
    const sight = new FeedSight(events, records ?? new Map());
    const passing = (event: CloudEvent | undefined) =>
      event && (!only || only(filterable(event))) ? event : undefined;
    const pull = new Pull(request.limit > 0 ? request.limit : 100, (event) => {
      const cloudEvent = toCloudEvent(publishing, event);
      const scope = scopes.get(partsOf(event.stream).aggregate)!;
      if (!cloudEvent || scope.isWhole) return passing(cloudEvent);
      return sight.told(scope, event, cloudEvent).then(passing);
    });
    const enough = new AbortController();
    const stop = (): void => enough.abort();
    const timer = setTimeout(stop, request.waitMilliseconds);
    call.signal?.addEventListener('abort', stop);
    try {
      const prefixes = [...scopes].map(([aggregate, { tenant }]) => `${prefixOf(aggregate)}${tenant}-`);
      await this.pull(request, prefixes, pull, { enough: enough.signal, gone: call.signal });
    } finally {
      clearTimeout(timer);
      enough.abort();
      call.signal?.removeEventListener('abort', stop);
    }
    return pull.answer();
  }

  /** What happened to a record that is a part of another happened to that one, whichever of them is asked for. */
  private widened(filter: Filter, tenant: string): Promise<Filter> {
    const { leadsTo, aggregates } = this.parts;
    return leadsTo ? widenedSubjects(filter, tenant, { leadsTo, aggregates }) : Promise.resolve(filter);
  }

  private async pull(
    request: eventsV1.PullEventsRequest,
    prefixes: readonly string[],
    pull: Pull,
    { enough, gone }: { readonly enough: AbortSignal; readonly gone: AbortSignal | undefined },
  ): Promise<void> {
    const after = request.after === 'now' ? await this.parts.events.end() : request.after || START;
    pull.position = after;
    const forever = new AbortController();
    enough.addEventListener('abort', () => pull.caughtUp && forever.abort());
    const pageSize = Math.max(pull.limit, LEAST_PER_PAGE);
    // A page that is there at once would follow the last one without anybody else's turn between.
    await turn();
    for await (const page of this.parts.events.follow({ prefixes, after, signal: forever.signal, pageSize })) {
      await pull.take(page);
      if (gone?.aborted || pull.isSpent) return;
      // Whoever has nothing to be given may be ahead of everything that there is.
      if (page.caughtUp && !pull.caughtUp && !pull.any) await this.refuseAhead(after);
      pull.caughtUp = page.caughtUp;
      if (pull.full || (page.caughtUp && (pull.any || enough.aborted || request.waitMilliseconds <= 0))) return;
      await turn();
    }
  }

  /** @throws DomainError `cursor-ahead`: such a reader would hear nothing, until it missed what came meanwhile. */
  private async refuseAhead(after: Position): Promise<void> {
    if (!(await this.parts.events.lacks(after))) return;
    const fields = [{ pointer: '/after', code: 'cursor-ahead', message: AHEAD }];
    throw new DomainError('invalid', 'cursor-ahead', AHEAD, { fields });
  }
}

const AHEAD =
  'The cursor is ahead of everything that is stored here: events were set back to an earlier state. Read anew from the ' +
  'beginning, or begin with after=now.';

/** Characters of events in one answer, after which it goes out with fewer than were asked for. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Few are wanted, but a filter may let most pass by. */
const LEAST_PER_PAGE = 100;
/**
 * What one pull may cost: events looked at, and milliseconds of looking. After that it answers with what it has, and how far
 * it has come; whoever asks goes on from there, and others have had their turn.
 */
const MOST_EVENTS = 5_000;
const MOST_MILLISECONDS = 200;
/** Of looking at a stretch, before others have theirs. */
const STRETCH_MILLISECONDS = 5;

/** What a reader is told of an event, if anything. */
type Told = CloudEvent | undefined;

/** What one pull has gathered. */
class Pull {
  position: Position = START;
  caughtUp = false;
  private readonly events: CloudEvent[] = [];
  private readonly positions: Position[] = [];
  private characters = 0;
  private looked = 0;
  private spent = 0;

  constructor(
    readonly limit: number,
    private readonly published: (event: RecordedEvent) => Told | Promise<Told>,
  ) {}

  get full(): boolean {
    return this.events.length >= this.limit || this.characters >= MOST_CHARACTERS;
  }

  get any(): boolean {
    return this.events.length > 0;
  }

  /** It has cost what one may. */
  get isSpent(): boolean {
    return this.looked >= MOST_EVENTS || this.spent >= MOST_MILLISECONDS;
  }

  /** Takes what still fits; the position says how far. */
  async take(page: Page): Promise<void> {
    let since = performance.now();
    for (const event of page.events) {
      if (this.full || this.isSpent) return;
      const told = this.published(event);
      this.look(event, told instanceof Promise ? await told : told);
      const stretch = performance.now() - since;
      if (stretch < STRETCH_MILLISECONDS) continue;
      this.spent += stretch;
      await turn();
      since = performance.now();
    }
    this.spent += performance.now() - since;
    if (!this.full) this.position = page.position;
  }

  answer(): eventsV1.PullEventsResponse {
    const events = this.events.map(({ sequence: _, sealed: __, ...event }) => ({ ...event, cursor: '' }));
    const caughtUp = this.caughtUp && !this.full && !this.isSpent;
    return { events, positions: this.positions, position: this.position, caughtUp };
  }

  private look(event: RecordedEvent, cloudEvent: Told): void {
    this.looked += 1;
    this.position = event.position;
    if (!cloudEvent) return;
    this.events.push(cloudEvent);
    this.positions.push(event.position);
    this.characters += charactersOf(cloudEvent.data);
  }
}

/** Of texts alone: nothing else is long. */
const charactersOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let sum = 0;
  for (const part of Object.values(value)) sum += charactersOf(part);
  return sum;
};

const filterable = (event: CloudEvent): object => {
  const [aggregate, record] = event.subject.split('/');
  return { ...event, event: event.type.slice(event.type.lastIndexOf('.') + 1), aggregate, record };
};
