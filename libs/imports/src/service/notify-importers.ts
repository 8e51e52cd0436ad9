import { partsOf, prefixOf } from '@rapport/event-store';
import type { Reaction } from '@rapport/processing';
import { notify, type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { importDecider } from '../domain/import.js';
import type { ImportEvent } from '../domain/import.events.js';

const ENDS: readonly ImportEvent['type'][] = ['ImportFinished', 'ImportFailed', 'ImportReverted'];

/** Whose import it is hears when it has come to an end. */
export const notifyImporters = (provided: Provided): Reaction => ({
  name: 'notify-importers',
  prefixes: [prefixOf(importDecider.aggregate)],
  types: ENDS,
  react: async (event) => {
    const { events }: ServiceRuntime = provided(RUNTIME);
    const { aggregate: object, id: recordId } = partsOf(event.stream);
    for await (const { metadata } of events.read(event.stream, { limit: 1 })) {
      const to = metadata.actor.onBehalfOf ?? metadata.actor.id;
      await notify(provided, event, { kind: 'job-done', to, object, recordId });
    }
    return 'done';
  },
});
