import type { typesV1 } from '@rapport/contracts';
import { differences, type Decider, type DomainEvent, type MergeStatus, type RecordedEvent } from '@rapport/kernel';

type Foldable<State> = Pick<Decider<State, DomainEvent, object>, 'initialState' | 'evolve'>;

/** Every change of a record with what it did to each field, oldest first: states folded and compared. */
export const historyOf = <State extends object | null>(
  decider: Foldable<State>,
  events: readonly RecordedEvent[],
  internal: readonly string[],
): readonly typesV1.HistoryEntry[] => {
  let before = decider.initialState;
  return events.map((event) => {
    const after = decider.evolve(before, event);
    const changes = differences(whole(before), whole(after)).filter(({ field }) => !internal.includes(field));
    before = after;
    return entryOf(event, changes);
  });
};

/** What is put aside because the record is a part of another is still its own. */
const whole = (state: object | null): object | null => {
  const { mergedInto, aside } = (state ?? {}) as MergeStatus & { readonly aside?: object };
  return mergedInto === undefined ? state : { ...state, ...aside };
};

const entryOf = (event: RecordedEvent, changes: readonly typesV1.FieldChange[]): typesV1.HistoryEntry => {
  const { metadata } = event;
  return {
    revision: event.revision,
    eventId: event.id,
    type: event.type,
    occurredAt: metadata.occurredAt,
    recordedAt: event.recordedAt,
    actor: { kind: metadata.actor.kind, id: metadata.actor.id, onBehalfOf: metadata.actor.onBehalfOf },
    correlationId: metadata.correlationId,
    causationId: metadata.causationId,
    changes: [...changes],
    recordId: undefined,
    rectification: (event.data as { readonly rectification?: typesV1.Rectification }).rectification,
  };
};
