import type { PreferenceFields } from '../domain/preferences/preferences.js';

/** About one's own account, or the whole workspace: whoever gets in otherwise must not be able to have it kept quiet. */
export const ABOUT_WAYS_IN: ReadonlySet<string> = new Set(['sign-in', 'ways-in', 'workspace']);

/** How somebody wants to hear of a kind of thing. */
export const wishFor = ({ muted = [], mailed = [] }: PreferenceFields, kind: string): 'off' | 'shown' | 'mailed' => {
  if (ABOUT_WAYS_IN.has(kind) || mailed.includes(kind)) return 'mailed';
  return muted.includes(kind) ? 'off' : 'shown';
};
