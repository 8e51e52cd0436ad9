import { nested } from '@rapport/custom-fields';
import type { ChangeUndone, DomainEvent, FieldPatch, MergeEvent, TakenIn } from '@rapport/kernel';
import type { PublishedForm } from '@rapport/processing';

type Publish<E extends DomainEvent, Form> = { readonly [T in E['type']]: (event: Extract<E, { type: T }>) => Form };

/** One function per domain event, `withheld` for what is nobody else's: forgetting an event does not compile. */
export type Published<E extends DomainEvent> = Publish<E, PublishedForm | undefined>;

/** What happens to every record. */
export type RecordFacts<Name extends string> =
  `${Name}Created` | `${Name}Edited` | `${Name}Archived` | `${Name}Restored` | `${Name}ChangeUndone`;

/** The published forms of a plain record's events, as `rapport.<context>.v1` has them. `field` names the message's record. */
export const publishRecord = <Name extends string, E extends DomainEvent>(
  name: Name,
  field: string,
): Publish<Extract<E, { type: RecordFacts<Name> }>, PublishedForm> =>
  ({
    [`${name}Created`]: ({ data }: DomainEvent) => ({ type: `${name}Created`, data: { [field]: nested(data) } }),
    [`${name}Edited`]: ({ data }: DomainEvent<string, { set: FieldPatch<object> }>) => ({
      type: `${name}Edited`,
      data: partedPatch(data.set),
    }),
    [`${name}Archived`]: () => ({ type: `${name}Archived`, data: {} }),
    [`${name}Restored`]: () => ({ type: `${name}Restored`, data: {} }),
    [`${name}ChangeUndone`]: ({ data }: DomainEvent<string, ChangeUndone<{ archived: boolean }>>) => {
      const { archived, ...set } = data.set;
      const { eventId, type } = data.undone;
      const status = typeof archived === 'boolean' ? { archived } : {};
      return {
        type: `${name}ChangeUndone`,
        data: { undoneEventId: eventId, undoneType: type, ...partedPatch(set), ...status },
      };
    },
  }) as never;

/** The published forms of what merges and splits say. Why a field became what it did is nobody else's. */
export const publishMerges = <Name extends string>(name: Name): Publish<MergeEvent<Name, object>, PublishedForm> => {
  type Said<Told> = { readonly data: Told };
  type Gone = { readonly survivorId: string; readonly set: FieldPatch<object> };
  const form = (fact: string, data: object): PublishedForm => ({ type: `${name}${fact}`, data });
  return {
    [`${name}MergedInto`]: ({ data: { survivorId } }: Said<Gone>) => form('MergedInto', { survivorId }),
    [`${name}Merged`]: ({ data: { otherId, furtherIds = [], set } }: Said<TakenIn>) =>
      form('Merged', { otherId, ...partedPatch(set), furtherIds }),
    [`${name}Unmerged`]: ({ data: { otherId, set } }: Said<TakenIn>) =>
      form('Unmerged', { otherId, ...partedPatch(set) }),
    [`${name}SplitOff`]: ({ data: { survivorId, set } }: Said<Gone>) =>
      form('SplitOff', { survivorId, ...partedPatch(set) }),
  } as never;
};

/** New values and emptied fields apart: null has no place in the contract's messages. */
export const partedPatch = (patch: FieldPatch<object> = {}): { set: object; cleared: readonly string[] } => {
  const entries = Object.entries(patch);
  return {
    set: nested(Object.fromEntries(entries.filter(([, value]) => value !== null))),
    cleared: entries.filter(([, value]) => value === null).map(([name]) => name),
  };
};
