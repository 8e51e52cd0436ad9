import { type EventStore, streamName } from '@rapport/event-store';
import { type Decider, type DomainEvent, fold, type RecordedEvent } from '@rapport/kernel';

export type AnyRecordDecider = Pick<Decider<unknown, DomainEvent, object>, 'aggregate' | 'initialState' | 'evolve'>;

type Values = Readonly<Record<string, unknown>>;

/** What stands under what, by a field with the id of another record of the same kind: read from the events, so never behind. */
export class Lineage {
  constructor(
    private readonly decider: AnyRecordDecider,
    private readonly events: EventStore,
  ) {}

  /**
   * Whether a record is another or stands above it, however far up.
   *
   * @param counts the events that are looked at; all of them when left out
   */
  async isAbove(field: string, record: Member, other: string, counts?: Counts): Promise<boolean> {
    const seen = new Set<string>();
    const stateOf = (id: string): Promise<Values> => this.state({ tenant: record.tenant, id }, counts);
    for (let at: string | undefined = other; at !== undefined && !seen.has(at); at = await above(field, at, stateOf)) {
      if (at === record.id) return true;
      seen.add(at);
    }
    return false;
  }

  /**
   * Whether a record would come to stand under itself.
   *
   * @param instead states that some records would have
   */
  async returns(field: string, record: Member, instead: ReadonlyMap<string, Values>): Promise<boolean> {
    const seen = new Set<string>();
    const stateOf = async (id: string): Promise<Values> =>
      instead.get(id) ?? (await this.state({ tenant: record.tenant, id }));
    for (let at = record.id; !seen.has(at);) {
      seen.add(at);
      const next = await above(field, at, stateOf);
      if (next === undefined || next === record.id) return next !== undefined;
      at = next;
    }
    return false;
  }

  /** Empty where there is no such record. */
  async state({ tenant, id }: Member, counts: Counts = () => true): Promise<Values> {
    const history: RecordedEvent[] = [];
    for await (const event of this.events.read(streamName(this.decider.aggregate, tenant, id))) {
      if (counts(event)) history.push(event);
    }
    return (fold(this.decider, history) ?? {}) as Values;
  }
}

export interface Member {
  readonly tenant: string;
  readonly id: string;
}

/**
 * What stands under one that is a part of another by now stands under that one: as soon, and as long, as that one says so. A merge or a
 * split of which only one half is stored has not happened yet.
 */
const above = async (
  field: string,
  id: string,
  stateOf: (id: string) => Promise<Values>,
): Promise<string | undefined> => {
  const { mergedInto, [field]: parent } = await stateOf(id);
  if (isId(mergedInto)) {
    const { mergedIds } = await stateOf(mergedInto);
    if (Array.isArray(mergedIds) && mergedIds.includes(id)) return mergedInto;
  }
  return isId(parent) ? parent : undefined;
};

type Counts = (event: RecordedEvent) => boolean;

const isId = (value: unknown): value is string => typeof value === 'string' && value !== '';
