import { prefixOf } from '@rapport/event-store';
import type { Reaction } from '@rapport/processing';
import type { Forgetting } from '../erasure/forgetting.js';

/** An erased person is forgotten to the end even if the process died right after the fact was stored. */
export const forgetErasedContact = (forgetting: Forgetting): Reaction => ({
  name: 'forget-erased-contact',
  prefixes: [prefixOf('contact')],
  types: ['ContactErased'],
  react: async (event) => {
    await forgetting.forget(event);
    return 'done';
  },
});
