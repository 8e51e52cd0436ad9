import { type AggregateOf, type ContextName, contexts } from '@rapport/contexts';
import type { KnownAggregate } from '@rapport/event-store';
import type { PersonalFields } from '@rapport/privacy';
import type { Publishing } from '@rapport/processing';
import { auditChainCatalogue } from '../audit/audit-chain.js';
import { auditEntry, personalInAuditEntries } from '../audit/audit-entry.js';
import { auditTrail } from '../audit/audit-trail.js';
import { neighboursForgetting } from '../erasure/erasure-facts.js';
import { erasure } from '../erasure/erasure.js';
import { retention, retentionTimer } from '../retention/retention.js';
import { carryOutRetention } from '../retention/retention-runs.js';
import { deletion } from '../workspace/deletion/deletion.js';
import { deletionReactions } from '../workspace/deletion/deletion-reactions.js';
import { exportExpiry, workspaceExport } from '../workspace/workspace-export.js';
import { exportReactions } from '../workspace/workspace-exports.js';
import { personalInCommands, purposesInCommands } from './service-commands.js';
import type { ServedRecord } from './served-record.js';
import type { ServiceDefinition } from './service-definition.js';

/** What a service adds to the kinds of records that it has. */
interface ServiceParts<Name extends ContextName> extends Partial<
  Omit<ServiceDefinition, 'context' | 'aggregates' | 'records'>
> {
  readonly context: Name;
  /** Those that the list of contexts names: one left out does not compile. */
  readonly aggregates: Readonly<Record<AggregateOf<Name>, ServedRecord | KnownAggregate>>;
}

/** Puts a service's definition together: what follows from its kinds of records, and what it has beside them. */
export const defineService = <Name extends ContextName>(parts: ServiceParts<Name>): ServiceDefinition => {
  const entries = Object.entries<ServedRecord | KnownAggregate>(parts.aggregates);
  const records = entries.flatMap(([, each]) => (isServed(each) ? [each] : []));
  const deciders = entries.map(([, each]) => (isServed(each) ? each.record.decider : each));
  deciders.forEach(({ aggregate }, index) => {
    if (aggregate !== entries[index]![0]) throw new Error(`${aggregate} stands in the place of ${entries[index]![0]}.`);
  });
  const ofEvery = {
    [erasure.aggregate]: ['ErasureReceiptWritten', 'ErasureReceiptSigned'],
    [auditEntry.aggregate]: 'all',
  } as const;
  const ofRecords =
    records.length > 0 ? { [retention.aggregate]: RETENTION_AUDITED, [workspaceExport.aggregate]: 'all' as const } : {};
  const audited = { ...parts.audited, ...ofEvery, ...ofRecords };
  const listens = withErasures(parts);
  const erasures = parts.erasures && { erasures: [...parts.erasures, ...neighboursForgetting({ listens })] };
  return {
    ...parts,
    listens,
    ...erasures,
    records,
    aggregates: deciders.map(({ aggregate }) => aggregate),
    audited,
    catalogue: [...deciders, ...(parts.catalogue ?? []), ...OF_EVERY],
    ...carriedOut(parts, records.length > 0),
    personal: { ...personalOf(records), ...personalInCommands(parts), ...personalInTrail(parts), ...parts.personal },
    purposes: {
      [auditEntry.aggregate]: 'To tell who came in and what was refused',
      ...purposesInCommands(parts),
      ...parts.purposes,
    },
    projections: [...records.map(({ record }) => record.projection), ...(parts.projections ?? []), auditTrail(audited)],
    publishes: Object.assign(
      {},
      ...records.map(({ record }) => record.publishes),
      parts.publishes,
    ) as Publishing['publishes'],
  };
};

/** What every context stores. */
const OF_EVERY = [auditEntry, auditChainCatalogue, retention, workspaceExport, deletion];

/** Contexts that keep something about people hear of each other's erasures. */
const withErasures = ({
  context,
  aggregates,
  listens = {},
}: Pick<ServiceParts<ContextName>, 'context' | 'listens'> & {
  readonly aggregates: object;
}): Readonly<Record<string, readonly string[]>> => {
  const { aggregate } = erasure;
  if (!Object.hasOwn(aggregates, aggregate)) return listens;
  const others = contexts.filter(
    ({ name, aggregates: own }) => name !== context && (own as readonly string[]).includes(aggregate),
  );
  const more = others.map(({ name }) => [name, [...(listens[name] ?? []), aggregate]] as const);
  return { ...listens, ...Object.fromEntries(more) };
};

const RETENTION_AUDITED = [
  'RetentionPolicySet',
  'RetentionPolicyRemoved',
  'RetentionRunBegun',
  'RetentionRunFinished',
] as const;

/** What is carried out beside what a service does itself: that a workspace is deleted, and how long records are kept and may be taken along. */
const carriedOut = (
  { reactions, timers = [] }: Pick<ServiceDefinition, 'reactions' | 'timers'>,
  hasRecords: boolean,
): Pick<ServiceDefinition, 'reactions' | 'timers'> => ({
  timers: [...timers, ...(hasRecords ? [retentionTimer, exportExpiry] : [])],
  reactions: (engines, provided) => [
    ...(reactions?.(engines, provided) ?? []),
    ...(hasRecords ? [carryOutRetention(provided), ...exportReactions(provided)] : []),
    ...deletionReactions(provided),
  ],
});

const isServed = (aggregate: ServedRecord | KnownAggregate): aggregate is ServedRecord => 'record' in aggregate;

const personalOf = (records: readonly ServedRecord[]): PersonalFields =>
  Object.fromEntries(
    records.flatMap(({ record: { decider, personal } }) =>
      personal.length > 0 ? [[decider.aggregate, personal]] : [],
    ),
  );

/** Where somebody came from is noted by the gateway in identity alone; a context that hears of no erasure takes no such note. */
const personalInTrail = ({ erasures = [] }: Pick<ServiceDefinition, 'erasures'>) =>
  erasures.length > 0 ? personalInAuditEntries : {};
