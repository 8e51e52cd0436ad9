import { partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import type { AnyRecord } from '../service/served-record.js';
import type { Provided } from '../service/service-definition.js';
import { notify } from './notify.js';

/**
 * Whom a record is given, by somebody else, is told. Not by what was brought in, nor by what follows from something else: a
 * handover of thousands of records is no news of each.
 */
export const notifyOwners = (kinds: readonly AnyRecord[], provided: Provided): Reaction => ({
  name: 'notify-owners',
  prefixes: kinds.map(({ decider }) => prefixOf(decider.aggregate)),
  types: kinds.flatMap(({ noun }) => [`${noun}Created`, `${noun}Edited`, `${noun}ChangeUndone`]),
  react: async (event) => {
    const { actor, causationId } = event.metadata;
    const owner = ownerSetBy(event);
    const isBySomebody = actor.kind === 'user' || actor.kind === 'apiKey';
    if (owner === undefined || !isBySomebody || causationId !== undefined) return 'done';
    if (owner === actor.id || owner === actor.onBehalfOf) return 'done';
    const { aggregate: object, id: recordId } = partsOf(event.stream);
    await notify(provided, event, { kind: 'assigned', to: owner, object, recordId });
    return 'done';
  },
});

interface Owned {
  readonly ownerId?: string | null;
}

const ownerSetBy = ({ data }: RecordedEvent): string | undefined => {
  const { ownerId } = 'set' in data ? (data.set as Owned) : (data as Owned);
  return ownerId ?? undefined;
};
