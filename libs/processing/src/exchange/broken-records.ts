import type { Bookkeeping, Entry } from '@rapport/event-store';
import { meter, METRICS } from '@rapport/observability';
import { checkScope, visible, type FieldType, type Scope } from '@rapport/read-models';
import type { Place } from './external-event.js';

/** A record of another context that could not be followed without a gap. */
export interface BrokenRecord extends Entry {
  /** Its stream here; for what names no record, where it came from. */
  readonly id: string;
  readonly context: string;
  readonly aggregate: string;
  readonly record: string;
  /** Everything before is in its place; this one is not. */
  readonly revision: number;
  /** The last one that came and was passed over. */
  readonly passed: number;
  readonly reason: string;
  readonly since: string;
}

/** The list in a service's books. */
export const BROKEN_RECORDS = 'broken';

/** Tenant of what names none. */
export const NOBODYS = '_';

/** What a scope's rows may speak of. */
const FIELDS: Readonly<Record<string, FieldType>> = { context: 'text', aggregate: 'text', since: 'time' };

const broken = meter.counter(METRICS.broken);

/** The broken records of one service, and how they come off the list again. */
export class BrokenRecords {
  constructor(private readonly books: Bookkeeping) {}

  find(tenant: string, stream: string): Promise<BrokenRecord | undefined> {
    return this.books.entry<BrokenRecord>(BROKEN_RECORDS, { tenant, id: stream });
  }

  /** All in sight; to who sees everything of a tenant, also what nobody knows whose it is. */
  async list(scope: Scope): Promise<readonly BrokenRecord[]> {
    const of = (tenant: string) => this.books.entries<BrokenRecord>(BROKEN_RECORDS, tenant);
    const all = await of(checkScope(scope).tenant);
    const seen = all.flatMap((entry) => visible(scope, { fields: FIELDS }, entry) ?? []);
    return scope.isWhole ? [...seen, ...(await of(NOBODYS))] : seen;
  }

  /** The event was not put in its place. @param revision of the first place that has nothing, or something else */
  async passedOver(stream: string, place: Place, revision: number, reason: string): Promise<void> {
    const { tenant, context, aggregate, record, revision: passed } = place;
    const since = new Date().toISOString();
    let isNew = false;
    await this.books.change<BrokenRecord>(BROKEN_RECORDS, { tenant, id: stream }, (known) => {
      isNew = known === undefined;
      if (known) return passed > known.passed ? { ...known, passed } : known;
      return { id: stream, tenant, context, aggregate, record, revision, passed, reason, since };
    });
    if (isNew) broken.add(1, { context });
  }

  /** The event is in its place, and so is everything before it: mended once that is so for all that was passed over. */
  putInPlace(stream: string, { tenant, revision }: Place): Promise<void> {
    return this.books.change<BrokenRecord>(BROKEN_RECORDS, { tenant, id: stream }, (known) => {
      if (!known || revision < known.revision) return known;
      return revision >= known.passed ? undefined : { ...known, revision: revision + 1 };
    });
  }

  /** What came names no record, so that there is no place for it. */
  async withoutPlace(context: string, id: string, reason: string): Promise<void> {
    const place = { context, aggregate: '', record: '', tenant: NOBODYS, epoch: 0, revision: 0 };
    await this.passedOver(id, place, 0, reason);
  }
}
