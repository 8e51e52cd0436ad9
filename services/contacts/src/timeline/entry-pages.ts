import { everythingOf } from '@rapport/access';
import { and, checkQuery, compareText, type Documents, type Filter, type Query, where } from '@rapport/read-models';
import { recordsOf, type TimelineEntry } from './timeline.js';

/** Where a reader stands: behind this entry. */
export type Place = Pick<TimelineEntry, 'at' | 'id'>;

/** Entries of one record, with the moment of the newest that there can be. */
export interface Source {
  readonly record: string;
  readonly newest?: string;
  readonly filter?: Filter;
  /** What concerns one of these as well is told there. */
  readonly besides?: readonly string[];
}

const PAGE = 60;
const NEWEST_FIRST = [{ field: 'at', descending: true }];

/**
 * Entries of several records as one list, newest first. A record is looked at only once its newest entry could be the next, so that
 * an account with many contacts costs no more than what is shown.
 */
export class EntryPages {
  private readonly open: Opened[] = [];
  private readonly closed: Source[];

  /** @param sources those that say how new they are, newest first, behind those that do not */
  constructor(
    private readonly entries: Documents<TimelineEntry>,
    private readonly tenant: string,
    sources: readonly Source[],
    private readonly after: Place | undefined,
  ) {
    this.closed = [...sources];
  }

  /** The next entry; undefined behind the last. */
  async next(): Promise<TimelineEntry | undefined> {
    let best = await this.newest();
    while (this.closed.length > 0 && this.mayBeNewer(this.closed[0]!, best)) {
      const { entries, tenant, after } = this;
      this.open.push(new Opened(entries, tenant, this.closed.shift()!, after));
      best = await this.newest();
    }
    return best?.take();
  }

  private mayBeNewer({ newest }: Source, best: Opened | undefined): boolean {
    return newest === undefined || best === undefined || newest >= best.head!.at;
  }

  private async newest(): Promise<Opened | undefined> {
    let best: Opened | undefined;
    for (const each of this.open) {
      await each.fill();
      if (each.head && (!best || isNewer(each.head, best.head!))) best = each;
    }
    return best;
  }
}

const isNewer = (one: Place, other: Place): boolean =>
  one.at === other.at ? compareText(one.id, other.id) > 0 : one.at > other.at;

/** The entries of one record that stand behind a place, page by page. */
class Opened {
  private page: readonly TimelineEntry[] = [];
  private at = 0;
  private isOver = false;

  constructor(
    private readonly entries: Documents<TimelineEntry>,
    private readonly tenant: string,
    private readonly source: Source,
    private place: Place | undefined,
  ) {}

  get head(): TimelineEntry | undefined {
    return this.page[this.at];
  }

  take(): TimelineEntry {
    return this.page[this.at++]!;
  }

  async fill(): Promise<void> {
    while (this.at === this.page.length && !this.isOver) await this.turn();
  }

  private async turn(): Promise<void> {
    const { record, filter, besides = [] } = this.source;
    const ofRecord = where('record', '=', record);
    const query: Query = { filter: filter ? and(ofRecord, filter) : ofRecord, sort: NEWEST_FIRST, limit: PAGE };
    // Who may see which entry is judged by the records that they tell of.
    const scope = everythingOf(this.tenant);
    const { place, entries } = this;
    const cursor = place && checkQuery(entries.declaration, scope, query).cursorAfter(place);
    const { documents, next } = await entries.query(scope, { ...query, ...(cursor !== undefined && { cursor }) });
    this.page = documents.filter((entry) => !recordsOf(entry).some((each) => besides.includes(each)));
    this.at = 0;
    this.isOver = next === undefined;
    this.place = documents.at(-1) ?? place;
  }
}
