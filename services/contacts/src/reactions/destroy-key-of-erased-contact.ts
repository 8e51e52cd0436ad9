import { partsOf, prefixOf } from '@rapport/event-store';
import type { Reaction } from '@rapport/processing';
import type { Engines } from '@rapport/service-kit';

/** An erased person's key is destroyed even if the process died right after the fact was stored. */
export const destroyKeyOfErasedContact = ({ keys }: Engines): Reaction => ({
  name: 'destroy-key-of-erased-contact',
  prefixes: [prefixOf('contact')],
  types: ['ContactErased'],
  react: async (event) => {
    await keys.destroy(partsOf(event.stream), event.metadata.occurredAt);
    return 'done';
  },
});
