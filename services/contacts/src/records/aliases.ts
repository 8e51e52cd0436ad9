import type { Published } from '@rapport/service-kit';
import type { AliasEvent } from '../domain/alias/alias.events.js';

export const aliasPublishes = {
  AliasMade: ({ data }) => ({ type: 'AliasMade', data }),
  AliasEnded: () => ({ type: 'AliasEnded', data: {} }),
} satisfies Published<AliasEvent>;
