import { partsOf, prefixOf, streamName } from '@rapport/event-store';
import { type DomainEvent, fold, type RecordedEvent, START } from '@rapport/kernel';
import { isSealed, subjectsOf } from '@rapport/privacy';
import { pause } from '@rapport/processing';
import type { FilesAboutPeople } from '../erasure/part.js';
import { everyIdOf } from '../merges/merged-records.js';
import type { ServiceRuntime } from '../service/service-runtime.js';

/** One place in which something about a person is held. */
export interface Held {
  readonly context: string;
  readonly object: string;
  readonly id: string;
  readonly purpose: string;
  readonly since: string;
  /** What a record says that is about the person itself. */
  readonly fields: object | undefined;
  readonly facts: readonly RecordedEvent[];
  readonly erased: boolean;
}

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

interface Found {
  readonly stream: string;
  /** Facts that hold something about the person. */
  readonly ids: Set<string>;
}

/**
 * Finds everything that a context holds about a person, in its facts themselves: whatever is sealed with that person's key, so
 * that no place can be forgotten, and no list of places can be out of date. It reads all facts with personal fields.
 */
export class HeldAbout {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly files: FilesAboutPeople | undefined,
  ) {}

  /** @param until RFC 3339; what was stored later is left out */
  async find(
    tenant: string,
    person: string,
    until: string | undefined,
    signal?: AbortSignal,
  ): Promise<readonly Held[]> {
    const people = await this.everyIdOf(tenant, person);
    const found = await this.look(tenant, people, signal);
    const end = await this.runtime.engines.events.end();
    for (const each of people)
      for (const id of (await this.files?.importsNaming(tenant, each, end)) ?? []) {
        const stream = streamName(IMPORT, tenant, id);
        if (!found.has(stream)) found.set(stream, { stream, ids: new Set() });
      }
    const held = await Promise.all([...found.values()].map((each) => this.place(each, people, until)));
    return held.filter((place) => place !== undefined).sort((a, b) => (a.since < b.since ? -1 : 1));
  }

  /** A person whose records were merged is known by the ids of all. */
  private async everyIdOf(tenant: string, person: string): Promise<ReadonlySet<string>> {
    const ids = new Set([person]);
    for (const { record } of this.runtime.definition.records) {
      if (!('mergedInto' in record.projection.declaration.fields)) continue;
      const list = this.runtime.projection(record.projection);
      await list.reach(await this.runtime.engines.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
      for (const id of await everyIdOf(list.documents, tenant, person)) ids.add(id);
    }
    return ids;
  }

  private async look(tenant: string, people: ReadonlySet<string>, signal?: AbortSignal): Promise<Map<string, Found>> {
    const { definition, engines } = this.runtime;
    const prefixes = Object.keys(definition.personal).map(prefixOf);
    const found = new Map<string, Found>();
    const enough = new AbortController();
    const either = signal ? AbortSignal.any([enough.signal, signal]) : enough.signal;
    for await (const page of engines.events.follow({ prefixes, after: START, signal: either })) {
      for (const event of page.events) {
        if (event.metadata.tenant !== tenant || !isAbout(event, people)) continue;
        const known = found.get(event.stream) ?? { stream: event.stream, ids: new Set() };
        found.set(event.stream, known);
        known.ids.add(event.id);
      }
      if (page.caughtUp) enough.abort();
      else await pause(0, either);
    }
    return found;
  }

  private async place(found: Found, people: ReadonlySet<string>, until: string | undefined): Promise<Held | undefined> {
    const { definition, events } = this.runtime;
    const { aggregate, id } = partsOf(found.stream);
    const history: RecordedEvent[] = [];
    for await (const event of events.read(found.stream)) {
      if (until === undefined || event.recordedAt <= until) history.push(event);
    }
    const facts = history.filter((event) => found.ids.has(event.id));
    const first = aggregate === IMPORT ? history[0] : facts[0];
    if (!first) return undefined;
    const decider = definition.catalogue.find((known) => known.aggregate === aggregate);
    const isOwn = people.has(id) && decider !== undefined && 'evolve' in decider;
    return {
      ...{ context: definition.context, object: aggregate, id, purpose: definition.purposes![aggregate]! },
      since: first.recordedAt,
      fields: isOwn ? fold<object, DomainEvent>(decider as never, history as readonly DomainEvent[]) : undefined,
      facts,
      erased: facts.some(({ metadata }) => metadata.erased === true),
    };
  }
}

/** A file that the person came in with, or was found in: named, its rows are the records that it made. */
const IMPORT = 'import';

const isAbout = (event: RecordedEvent, people: ReadonlySet<string>): boolean =>
  isSealed(event) && subjectsOf(event).some(({ id }) => people.has(id));
