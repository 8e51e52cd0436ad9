import { valueAt } from '@rapport/custom-fields';
import { type EventStore, partsOf } from '@rapport/event-store';
import { type RecordedEvent, sameValue } from '@rapport/kernel';
import type { CloudEvent, Projection } from '@rapport/processing';
import { isHidden, type Scope, shown, visible } from '@rapport/read-models';
import { SEARCH } from '../search/searched-record.js';

/** A kind of record, as far as it takes to tell who sees which. */
export interface Judged {
  readonly projection: Pick<Projection, 'declaration' | 'fold'>;
  /** The contract's message of a document. */
  readonly message: (document: object) => object;
  /** Names of the message's fields. */
  readonly fields: readonly string[];
}

/** A record has come into the reader's sight: it is told whole, as it is from then on. The contract's `RecordCame`. */
export const RECORD_CAME = 'rapport.events.v1.RecordCame';
/** A record has left the reader's sight: nothing of it is told. The contract's `RecordGone`. */
export const RECORD_GONE = 'rapport.events.v1.RecordGone';

type State = Parameters<Judged['projection']['fold']>[0];

/**
 * What somebody who sees a part is told of an event. Each is judged by its record's own history, by whose it was before and after the
 * event and by whose it is now: facts are never behind, so there is nothing that could be passed by. One for each pull, since what it
 * has read of the facts is old by the next.
 */
export class FeedSight {
  /** States after each event, by stream; null where none is left. */
  private readonly histories = new Map<string, Promise<readonly State[]>>();

  constructor(
    private readonly events: EventStore,
    private readonly records: ReadonlyMap<string, Judged>,
  ) {}

  async told(scope: Scope, event: RecordedEvent, published: CloudEvent): Promise<CloudEvent | undefined> {
    const kind = this.records.get(partsOf(event.stream).aggregate);
    if (!kind) return undefined;
    const states = await this.states(kind, event.stream);
    const { declaration } = kind.projection;
    const sees = (state: State | undefined): boolean => visible(scope, declaration, state) !== undefined;
    const [before, after] = [states[event.revision - 1] ?? null, states[event.revision] ?? null];
    const [saw, isSeen] = [sees(sharedStill(before)), sees(sharedStill(after))];
    if (!isSeen) return saw ? { ...published, type: RECORD_GONE, data: {} } : undefined;
    // Whose it is now decides of the past as well.
    if (!sees(states.at(-1))) return undefined;
    if (!saw && before !== null) return cameFrom(published, kind.message(shown(scope, after!)));
    return scope.hidden.length === 0 ? published : cut(scope, kind, published, { before, after });
  }

  private states(kind: Judged, stream: string): Promise<readonly State[]> {
    const known = this.histories.get(stream) ?? this.read(kind, stream);
    this.histories.set(stream, known);
    return known;
  }

  private async read({ projection }: Judged, stream: string): Promise<readonly State[]> {
    const states: State[] = [];
    const { id } = partsOf(stream);
    for await (const event of this.events.read(stream))
      states[event.revision] = projection.fold(states[event.revision - 1] ?? null, event, id);
    return states;
  }
}

/** What has ended by now had not ended then: its end is an event of its own. */
const sharedStill = (state: State): State => (state ? ({ ...state, sharesEndAt: undefined } as State) : null);

const cameFrom = ({ dataschema: _, ...published }: CloudEvent, record: object): CloudEvent =>
  ({ ...published, type: RECORD_CAME, data: { record } }) as unknown as CloudEvent;

/** Without what it says of hidden fields; undefined where it did nothing else. */
const cut = (
  scope: Scope,
  { fields }: Judged,
  published: CloudEvent,
  { before, after }: { readonly before: State; readonly after: State },
): CloudEvent | undefined => {
  const touches = (left: object | null, right: object | null): boolean => !sameValue(facts(left), facts(right));
  const hides = touches(hiddenIn(scope, before), hiddenIn(scope, after));
  if (hides && before && after && !touches(shown(scope, before), shown(scope, after))) return undefined;
  const entries = Object.entries(shown(scope, published.data)).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'cleared') return [[name, (value as string[]).filter((field) => !isHidden(scope, field))]];
    // `set`, or the record itself under its own name: fields as they are called everywhere.
    if (isRecord(value, fields)) return [[name, shown(scope, value)]];
    // What is called otherwise here may be a hidden field under another name.
    return hides && !fields.includes(name) && !ABOUT_ITSELF.has(name) ? [] : [[name, value]];
  });
  return { ...published, data: Object.fromEntries(entries) };
};

/** What an event says of itself. */
const ABOUT_ITSELF = new Set(['archived', 'undoneEventId', 'undoneType', 'receiptId', 'otherId', 'survivorId']);

const isRecord = (value: unknown, fields: readonly string[]): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length > 0 &&
  Object.keys(value).every((name) => fields.includes(name));

/** Without Rapport's own account of the record, which every change changes, and what it is found by, which follows from the rest. */
const facts = (state: object | null): object =>
  Object.fromEntries(
    Object.entries(state ?? {}).filter(([name]) => !ACCOUNT.has(name) && !name.startsWith(`${SEARCH}.`)),
  );

const ACCOUNT = new Set(['revision', 'updatedAt']);

/** Only the hidden fields of a state. */
const hiddenIn = ({ hidden }: Scope, state: object | null): object =>
  Object.fromEntries(hidden.map((path) => [path, valueAt(state, path)]));
