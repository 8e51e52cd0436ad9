import type { DomainEvent } from '@rapport/kernel';

/** The id leads to another record of its kind from now on. */
export type AliasMade = DomainEvent<'AliasMade', { readonly object: string; readonly survivorId: string }>;

/** It stands for its own record again. */
export type AliasEnded = DomainEvent<'AliasEnded', Record<string, never>>;

export type AliasEvent = AliasMade | AliasEnded;
