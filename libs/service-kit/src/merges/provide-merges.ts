import type { Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { prefixOf } from '@rapport/event-store';
import { DomainError, type MergeRules } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import type { Provided } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';
import { type FollowingRelations, type MergedKind, Merges, REFUSALS } from './merges.js';

/** Under it a service provides the merges of a kind of record. */
export const mergesOf = ({ decider }: Pick<MergedKind, 'decider'>): symbol =>
  Symbol.for(`merges of ${decider.aggregate}`);

/** Lets records of a kind be merged. */
export const provideMerges = (
  kind: MergedKind,
  rules: MergeRules,
  relations?: (runtime: ServiceRuntime, commands: CommandBus) => FollowingRelations,
): Provider => ({
  provide: mergesOf(kind),
  inject: [RUNTIME, CommandBus],
  useFactory: (runtime: ServiceRuntime, commands: CommandBus) =>
    new Merges(kind, rules, runtime, commands, relations?.(runtime, commands)),
});

/** What a crash has left half done is done: to be added to the reactions of a service that provides merges of a kind. */
export const completeMerges = (kind: MergedKind, provided: Provided): Reaction => ({
  name: `complete-merges-of-${kind.decider.aggregate}`,
  prefixes: [prefixOf(kind.decider.aggregate)],
  types: [`${kind.noun}MergedInto`, `${kind.noun}Unmerged`],
  react: async (event) => {
    // Refused, it has been let go of again.
    await provided<Merges>(mergesOf(kind)).complete(event).catch(unlessRefused);
    return 'done';
  },
  readable: true,
});

const unlessRefused = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || !REFUSALS.has(failure.kind)) throw failure;
};
