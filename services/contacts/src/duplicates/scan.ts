import { everythingOf } from '@rapport/access';
import { type CallContext, turn } from '@rapport/kernel';
import { LIKELY, type Pair, PairSearch } from '@rapport/matching';
import { type Documents, where } from '@rapport/read-models';
import type { ScanCounts } from '../domain/duplicate-scan/duplicate-scan.events.js';
import type { Likeness } from '../domain/duplicate/duplicate.events.js';
import { NOTHING_SCANNED } from '../domain/duplicate-scan/duplicate-scan.js';
import { type PairedKind, pairId, pairOfKind } from '../domain/duplicate/duplicate.js';
import type { DuplicateDocument } from '../records/duplicates.js';
import { type FoundPairs, isSame, MOST_OF_ONE } from './found-pairs.js';
import { likenessOf, type MatchedDocument, type MatchedKind } from './matched-kind.js';

const PAGE = 200;
/** Between two turns of the event loop. */
const STRETCH_MILLISECONDS = 4;
/** It is looked so often whether it is to go on. */
const LOOK_MILLISECONDS = 500;
/** Pairs that are stored at once. */
const AT_ONCE = 100;
/** Checkpoints of a scan. */
const STEPS = 10;
/** So many new pairs are more than people can decide about: from then on only certain ones come in, and after twice as many none. */
const MOST_ADDED = 50_000;

export interface ScanParts {
  readonly records: Documents<MatchedDocument>;
  readonly pairs: Documents<DuplicateDocument>;
  readonly found: FoundPairs;
  readonly call: CallContext;
  /** 50,000 when left out, see {@link MOST_ADDED}. */
  readonly mostAdded?: number;
  /** Whether it is to go on. */
  goesOn(): Promise<boolean>;
  /** Every record with an id up to this one is compared. */
  checkpoint(upTo: string, counts: ScanCounts): Promise<void>;
}

/** What a scan works on: all of a tenant's records of a kind, in the order of their ids. */
interface Scanned {
  readonly ids: readonly string[];
  readonly profiles: readonly unknown[];
  /** Parts of those that others were merged into. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
}

class BrokenOff extends Error {}

/** Compares all records of a tenant with each other: one that goes on where it was, and lets everybody else go first. */
export class Scan {
  private counts: ScanCounts = NOTHING_SCANNED;
  /** Records of kinds that were compared before. */
  private before = 0;
  /** Whether pairs were left out. */
  private isFull = false;
  private readonly confirmed = new Set<string>();
  private readonly waiting: (() => Promise<void>)[] = [];
  private storing: Promise<unknown> = Promise.resolve();
  private rested = performance.now();
  private looked = 0;

  constructor(
    private readonly kind: MatchedKind,
    private readonly parts: ScanParts,
  ) {}

  /** Undefined when it was broken off. `after`: of the last checkpoint; `counts` until then, of the kinds before it too. */
  async run(after: string, counts: ScanCounts): Promise<{ counts: ScanCounts; full: boolean } | undefined> {
    try {
      await this.look();
      const scanned = await this.read();
      const known = await this.known();
      this.before = counts.compared - countUpTo(scanned.ids, after);
      this.counts = { ...counts, records: this.before + scanned.ids.length };
      await this.compare(scanned, known, after);
      await this.lookAgain(known);
      return { counts: this.counts, full: this.isFull };
    } catch (failure) {
      if (failure instanceof BrokenOff) return undefined;
      throw failure;
    }
  }

  private async read(): Promise<Scanned> {
    const [ids, profiles, parts] = [[] as string[], [] as unknown[], new Map<string, readonly string[]>()];
    const filter = where('archived', '=', false);
    for await (const record of this.all(this.parts.records, filter)) {
      ids.push(record.id);
      profiles.push(this.kind.profileOf(record));
      if (record.mergedIds?.length) parts.set(record.id, record.mergedIds);
    }
    return { ids, profiles, parts };
  }

  /** What was found or decided before, by the pair. */
  private async known(): Promise<ReadonlyMap<string, DuplicateDocument>> {
    const known = new Map<string, DuplicateDocument>();
    const filter = where('kind', '=', this.kind.kind);
    for await (const pair of this.all(this.parts.pairs, filter)) known.set(pair.id, pair);
    return known;
  }

  private async compare(scanned: Scanned, known: ReadonlyMap<string, DuplicateDocument>, after: string): Promise<void> {
    const { ids, profiles } = scanned;
    const search = await this.search(profiles);
    const step = Math.max(1, Math.ceil(ids.length / STEPS));
    for (let one = countUpTo(ids, after); one < ids.length; one++) {
      const found: Pair[] = [];
      for (const pair of search.behind(one, LIKELY)) {
        found.push(pair);
        await this.rest();
      }
      found.sort((a, b) => b.score - a.score);
      for (const pair of found.slice(0, MOST_OF_ONE)) await this.keep(pair, scanned, known);
      this.counts = { ...this.counts, compared: this.before + one + 1 };
      if ((one + 1) % step === 0) {
        await this.stored();
        await this.parts.checkpoint(ids[one]!, this.counts);
      }
      await this.rest();
    }
    await this.stored();
  }

  private async search(profiles: readonly unknown[]): Promise<PairSearch<unknown>> {
    const making = PairSearch.among(profiles, this.kind.matching);
    for (;;) {
      const made = making.next();
      if (made.done) return made.value;
      await this.rest();
    }
  }

  private async keep(
    pair: Pair,
    { ids, parts }: Scanned,
    known: ReadonlyMap<string, DuplicateDocument>,
  ): Promise<void> {
    const likeness = likenessOf(pair);
    if (!likeness) return;
    const [one, other] = [ids[pair.first]!, ids[pair.second]!];
    const id = pairId(pairOfKind(this.kind.kind, one, other));
    const before = known.get(id);
    // Whoever said that of a part of one of them said it of all.
    if (before?.status !== 'dismissed' && isDismissed(this.kind.kind, one, other, parts, known)) return;
    this.confirmed.add(id);
    const isNew = before?.score === undefined || before.status === 'merged';
    const { pairs, added } = this.counts;
    if (isNew && !this.hasRoom(likeness)) {
      this.isFull = true;
      this.counts = { ...this.counts, pairs: pairs + 1 };
      return;
    }
    this.counts = { ...this.counts, pairs: pairs + 1, added: added + (isNew ? 1 : 0) };
    if (isSame(before, likeness)) return;
    const { found, call } = this.parts;
    this.waiting.push(() => found.find(this.kind.kind, one, other, likeness, call));
    if (this.waiting.length >= AT_ONCE) await this.store();
  }

  private hasRoom({ verdict }: Likeness): boolean {
    const { mostAdded = MOST_ADDED } = this.parts;
    return this.counts.added < (verdict === 'certain' ? 2 * mostAdded : mostAdded);
  }

  private async stored(): Promise<void> {
    await this.store();
    await this.storing;
  }

  /** Begins to store what waits, once what was begun before is done: comparing goes on meanwhile. */
  private async store(): Promise<void> {
    await this.storing;
    const group = this.waiting.splice(0).map((store) => store());
    this.storing = Promise.all(group);
    // Told to whoever waits for it next.
    this.storing.catch(() => undefined);
  }

  /** Pairs that no comparison has come by: one of them may have been archived, or changed while nobody looked. */
  private async lookAgain(known: ReadonlyMap<string, DuplicateDocument>): Promise<void> {
    for (const pair of known.values()) {
      if (pair.score === undefined || pair.status === 'merged' || this.confirmed.has(pair.id)) continue;
      const isOne = await this.parts.found.lookAgain(this.kind, pair, this.parts.call);
      if (!isOne) this.counts = { ...this.counts, removed: this.counts.removed + 1 };
      await this.rest();
    }
  }

  private async *all<D extends { readonly id: string; readonly tenant: string }>(
    documents: Documents<D>,
    filter: ReturnType<typeof where>,
  ): AsyncGenerator<D> {
    const scope = everythingOf(this.parts.call.principal.tenant);
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: { readonly documents: readonly D[]; readonly next?: string } = await documents.query(scope, {
        filter,
        limit: PAGE,
        ...(cursor && { cursor }),
      });
      yield* page.documents;
      cursor = page.next;
      await this.rest();
    }
  }

  /** Everybody else goes first every few milliseconds. @throws BrokenOff */
  private async rest(): Promise<void> {
    const now = performance.now();
    if (now - this.rested < STRETCH_MILLISECONDS) return;
    await turn();
    this.rested = performance.now();
    if (now - this.looked >= LOOK_MILLISECONDS) await this.look();
  }

  /** @throws BrokenOff */
  private async look(): Promise<void> {
    this.looked = performance.now();
    if (!(await this.parts.goesOn())) throw new BrokenOff();
  }
}

/** How many of these ids a checkpoint covers. */
const countUpTo = (ids: readonly string[], upTo: string): number => {
  const next = ids.findIndex((id) => id > upTo);
  return next < 0 ? ids.length : next;
};

const isDismissed = (
  kind: PairedKind,
  one: string,
  other: string,
  parts: Scanned['parts'],
  known: ReadonlyMap<string, DuplicateDocument>,
): boolean => {
  if (!parts.has(one) && !parts.has(other)) return false;
  const everyIdOf = (id: string): readonly string[] => [id, ...(parts.get(id) ?? [])];
  return everyIdOf(one).some((each) =>
    everyIdOf(other).some((its) => known.get(pairId(pairOfKind(kind, each, its)))?.status === 'dismissed'),
  );
};
