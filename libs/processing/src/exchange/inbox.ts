import { WrongExpectedRevision, type Bookkeeping, type EventStore } from '@rapport/event-store';
import { DomainError } from '@rapport/kernel';
import { BrokenRecords, type BrokenRecord } from './broken-records.js';
import { HeardEpochs } from './epochs.js';
import { placeStream, unreadable, type ExternalEvent, type Place } from './external-event.js';

/**
 * Where a context keeps what it hears from others: whole records, each revision in its own place of a stream of its own store
 * (`contacts.account-<tenant>-<id>`) under the source's event id. So what comes again is an exact retry, whoever brings it; and
 * projections and reactions follow it as they follow the context's own events.
 *
 * A place that is taken by something else, or that would leave a gap, breaks the record: it is passed over and put on a
 * list, its neighbours go on. It is mended when all its revisions are heard again.
 */
export class Inbox {
  readonly broken: BrokenRecords;
  readonly epochs: HeardEpochs;

  /** @param events as they are stored: personal fields stay sealed */
  constructor(
    private readonly events: EventStore,
    books: Bookkeeping,
  ) {
    this.broken = new BrokenRecords(books);
    this.epochs = new HeardEpochs(books);
  }

  /**
   * Resolves once each event is in its place or its record on the list of broken ones. Those of one record are to come in their order.
   * @throws whatever an engine fails with; everything may be taken again then
   */
  async take(events: readonly ExternalEvent[]): Promise<void> {
    const current: ExternalEvent[] = [];
    for (const event of events) {
      if (await this.epochs.hear(event.place.context, event.place.epoch)) current.push(event);
    }
    const records = Map.groupBy(current, ({ place }) => placeStream(place));
    const settled = await Promise.allSettled([...records].map(([stream, run]) => this.takeRecord(stream, run)));
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
  }

  private async takeRecord(stream: string, events: readonly ExternalEvent[]): Promise<void> {
    let broken = await this.broken.find(events[0]!.place.tenant, stream);
    if (!broken && (await this.takeTogether(stream, events))) return;
    for (const event of events) {
      if (!broken || event.place.revision <= broken.revision) await this.takeOne(stream, event, broken);
      else await this.broken.passedOver(stream, event.place, broken.revision, broken.reason);
      broken = await this.broken.find(event.place.tenant, stream);
    }
  }

  /** False when it cannot be done at once, for whatever reason. */
  private async takeTogether(stream: string, events: readonly ExternalEvent[]): Promise<boolean> {
    const first = events[0]!.place.revision;
    if (events.some(({ place }, n) => place.revision !== first + n)) return false;
    const all = events.map(({ event }) => event);
    try {
      await this.events.append(stream, all, before(first));
      return true;
    } catch (failure) {
      if (failure instanceof WrongExpectedRevision || isTooLarge(failure)) return false;
      throw failure;
    }
  }

  private async takeOne(stream: string, { place, event }: ExternalEvent, broken?: BrokenRecord): Promise<void> {
    try {
      await this.events.append(stream, [event], before(place.revision));
    } catch (failure) {
      if (isTooLarge(failure)) return this.takeOne(stream, unreadable(place, event.id, failure.message), broken);
      if (failure instanceof WrongExpectedRevision) return this.passOver(stream, place, failure.actual);
      if (!isGone(failure)) throw failure;
      return this.broken.passedOver(stream, place, place.revision, failure.message);
    }
    if (broken) await this.broken.putInPlace(stream, place);
  }

  private passOver(stream: string, place: Place, head: number): Promise<void> {
    if (head < place.revision - 1)
      return this.broken.passedOver(stream, place, head + 1, `Revision ${head + 1} never came.`);
    const reason = `Another event has the place of revision ${place.revision}.`;
    return this.broken.passedOver(stream, place, place.revision, reason);
  }
}

const before = (revision: number): number | 'no-stream' => (revision === 0 ? 'no-stream' : revision - 1);

const isTooLarge = (failure: unknown): failure is DomainError =>
  failure instanceof DomainError && failure.kind === 'too-large';

/** The engine takes no more events for this stream, ever. */
const isGone = (failure: unknown): failure is DomainError => failure instanceof DomainError && failure.kind === 'gone';
