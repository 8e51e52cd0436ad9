import type { typesV1 } from '@rapport/contracts';
import { partsOf } from '@rapport/event-store';
import {
  type Decider,
  DomainError,
  type DomainEvent,
  fold,
  type Protection,
  sameValue,
  type RecordedEvent,
} from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import { isHidden, shown, visible, type Document, type Scope } from '@rapport/read-models';

/** Whether a caller sees the record of a history, as it is now; asked of the events themselves, so it is never behind. */
export const isInSight = <D extends Document>(
  scope: Scope,
  { declaration, fold }: Pick<Projection<D>, 'declaration' | 'fold'>,
  history: readonly RecordedEvent[],
): boolean => {
  if (scope.rows === undefined) return true;
  const document = history.reduce<D | null>((before, event) => fold(before, event, partsOf(event.stream).id), null);
  return visible(scope, declaration, document) !== undefined;
};

/** Entries without what they did to hidden fields. One that did nothing else is left out. */
export const shownHistory = (
  scope: Scope,
  entries: readonly typesV1.HistoryEntry[],
): readonly typesV1.HistoryEntry[] => {
  if (scope.hidden.length === 0) return entries;
  return entries.flatMap((entry) => {
    const changes = entry.changes.flatMap((change) => shownChange(scope, change));
    return changes.length > 0 || entry.changes.length === 0 ? [{ ...entry, changes }] : [];
  });
};

/** A hidden field, or a field that something hidden lies in, is nobody's to set who does not see what it says. */
export const refuseToSetHidden = (scope: Scope, fields: readonly string[], pointer: string): void => {
  const field = fields.find(
    (name) => isHidden(scope, name) || scope.hidden.some((path) => path.startsWith(`${name}.`)),
  );
  if (field === undefined) return;
  const message = `This would set "${field}", and you do not see all that it says. Leave it out, or ask somebody who does.`;
  throw new DomainError('forbidden', 'hidden-field', message, {
    fields: [{ pointer, code: 'hidden-field', message }],
  });
};

/** A history, unless what it says is put aside: that is not to be had by way of the past. @throws DomainError forbidden */
export const shownPast = <State, E extends DomainEvent>(
  decider: Pick<Decider<State, E, object>, 'initialState' | 'evolve'>,
  events: readonly RecordedEvent[],
): readonly RecordedEvent[] => {
  const present = fold(decider, events as unknown as readonly E[]) as Protection | null;
  if (present?.restriction === undefined) return events;
  const message =
    'The processing of what is known about this person is restricted: its past is shown to privacy officers alone.';
  throw new DomainError('forbidden', 'processing-restricted', message);
};

const shownChange = (scope: Scope, { field, from, to }: typesV1.FieldChange): typesV1.FieldChange[] => {
  if (isHidden(scope, field)) return [];
  const [before, after] = [from, to].map((value: unknown) => shown(scope, { [field]: value })[field]);
  return sameValue(before, after) ? [] : [{ field, from: before, to: after }];
};
