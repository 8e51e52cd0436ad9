import { everythingOf } from '@rapport/access';
import { customFieldId, Definitions } from '@rapport/custom-fields';
import { type EventStore, streamName } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import type { LiveProjection } from '@rapport/processing';
import { where } from '@rapport/read-models';
import { type FieldDocument, foldDefinition } from './field-definitions.js';

/** So long definitions count as they were last seen, in a process that did not change them. */
const FRESH_MILLISECONDS = 1_000;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
const MOST_DEFINITIONS = 1_000;
/** Tenants and objects that are kept in mind. */
const MOST_KNOWN = 10_000;

interface Entry {
  readonly definitions: Definitions;
  readonly documents: readonly FieldDocument[];
  readonly until: number;
}

interface Parts {
  readonly list: LiveProjection<FieldDocument>;
  readonly events: EventStore;
  /** What its streams of definitions are called by: see `definitionsIn`. */
  readonly aggregate: () => string;
}

/** The definitions of every tenant's fields, at hand: every command on a record asks for them. */
export class FieldBook {
  private readonly known = new Map<string, Entry>();
  private readonly loading = new Map<string, Promise<Definitions>>();
  private readonly written = new Map<string, Position>();

  constructor(private readonly parts: Parts) {}

  /** As they were within the last second, or after what was written here. A promise only where they have to be read. */
  of(tenant: string, object: string): Definitions | Promise<Definitions> {
    const key = `${tenant}/${object}`;
    const entry = this.known.get(key);
    if (entry && entry.until > performance.now()) return entry.definitions;
    const loading = this.loading.get(key) ?? this.load(tenant, object).finally(() => this.loading.delete(key));
    this.loading.set(key, loading);
    return loading;
  }

  /** With some of them as the facts have them at this moment: asked before a command is refused because of them. */
  async fresh(tenant: string, object: string, keys: readonly string[]): Promise<Definitions> {
    await this.of(tenant, object);
    const documents = new Map((this.known.get(`${tenant}/${object}`)?.documents ?? []).map((each) => [each.key, each]));
    for (const key of keys.slice(0, MOST_DEFINITIONS)) {
      let document: FieldDocument | null = null;
      const stream = streamName(this.parts.aggregate(), tenant, customFieldId(object, key));
      for await (const event of this.parts.events.read(stream)) document = foldDefinition(document, event);
      if (document) documents.set(key, document);
    }
    return this.keep(tenant, object, [...documents.values()]);
  }

  /** A definition was written by this process: what is known of the tenant's counts no more. */
  wrote(tenant: string, position: Position): void {
    this.written.set(tenant, position);
    for (const key of this.known.keys()) if (key.startsWith(`${tenant}/`)) this.known.delete(key);
  }

  private async load(tenant: string, object: string): Promise<Definitions> {
    const { list } = this.parts;
    const position = this.written.get(tenant);
    if (position !== undefined) {
      await list.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS);
      if (this.written.get(tenant) === position) this.written.delete(tenant);
    }
    const query = { filter: where('object', '=', object), limit: MOST_DEFINITIONS };
    const { documents } = await list.documents.query(everythingOf(tenant), query);
    return this.keep(tenant, object, documents);
  }

  private keep(tenant: string, object: string, documents: readonly FieldDocument[]): Definitions {
    const definitions = new Definitions(documents);
    if (this.known.size > MOST_KNOWN) this.known.clear();
    this.known.set(`${tenant}/${object}`, { definitions, documents, until: performance.now() + FRESH_MILLISECONDS });
    return definitions;
  }
}
