import { type ContextName, contextNames } from '@rapport/contexts';
import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { everybodyOf } from '@rapport/privacy';
import { type ErasureFact, forgetting, type Projection, type Source } from '@rapport/processing';
import { DELETION } from './deletion.js';
import type { DeletionEvent } from './deletion.events.js';

/** The context that deletions are asked of, and that tells the others. */
const ORDERED_IN: ContextName = 'identity';

const OWN = prefixOf(DELETION);

/** Where a context hears what is to be done. */
export const orderPrefix = (context: string): string =>
  context === ORDERED_IN ? OWN : prefixOf(externalAggregate(ORDERED_IN, DELETION));

/** Where identity hears what the others found and did. */
export const answerPrefixes = (): readonly string[] =>
  contextNames.filter((name) => name !== ORDERED_IN).map((name) => prefixOf(externalAggregate(name, DELETION)));

/** Whom identity waits for: everybody that there is. */
export const awaitedBy = ({ installed }: { readonly installed?: readonly string[] }): readonly string[] =>
  contextNames.filter((name) => name === ORDERED_IN || (installed?.includes(name) ?? true));

/** Every context tells and hears of deletions, whatever else it says to whom. */
export const withDeletions = (source: Source): Source => {
  const publishes = { ...source.publishing.publishes, ...deletionPublishes };
  return { ...source, aggregates: [...source.aggregates, DELETION], publishing: { ...source.publishing, publishes } };
};

export const hearingDeletions = (
  context: string,
  heard: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> => {
  const tellers = context === ORDERED_IN ? contextNames.filter((name) => name !== ORDERED_IN) : [ORDERED_IN];
  const more = tellers.map((name) => [name, [...(heard[name] ?? []), DELETION]] as const);
  return { ...heard, ...Object.fromEntries(more) };
};

const asItIs = ({ type, data }: DeletionEvent): { readonly type: string; readonly data: object } => ({ type, data });

const deletionPublishes: { readonly [Type in DeletionEvent['type']]: typeof asItIs } = {
  WorkspaceDeletionRequested: asItIs,
  WorkspaceDeletionCancelled: asItIs,
  WorkspaceDeletionBegun: asItIs,
  WorkspaceDeletionChecked: asItIs,
  WorkspaceDeletionStopped: asItIs,
  WorkspaceDeletionReleased: asItIs,
  WorkspaceDeletionPartDone: asItIs,
  WorkspaceDeletionReceiptSigned: asItIs,
};

/** What tells that everybody's keys are to be destroyed; also at the start, where an older copy of the keyring was put back. */
export const everybodyGone = (context: string): ErasureFact => ({
  prefix: orderPrefix(context),
  type: 'WorkspaceDeletionReleased',
  ids: ({ stream }) => [everybodyOf(partsOf(stream).tenant).id],
});

const workspaceOf = ({ stream }: RecordedEvent): readonly string[] => [partsOf(stream).tenant];

/** What tells documents of no tenant that one is no more: that it goes, and that nothing of it can come any more. */
const workspacesGone = (context: string): readonly ErasureFact[] => [
  { prefix: orderPrefix(context), type: 'WorkspaceDeletionReleased', ids: workspaceOf, last: true },
  { prefix: OWN, type: 'WorkspaceDeletionPartDone', ids: workspaceOf, last: true },
];

/** Documents of tenants forget people; those of no tenant forget workspaces. */
export const forgettingIn =
  ({ context, erasures = [] }: { readonly context: string; readonly erasures?: readonly ErasureFact[] }) =>
  (projection: Projection): Projection =>
    forgetting(projection, projection.tenantless ? workspacesGone(context) : erasures);
