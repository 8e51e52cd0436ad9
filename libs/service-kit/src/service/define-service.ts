import type { AggregateOf, ContextName } from '@rapport/contexts';
import type { KnownAggregate } from '@rapport/event-store';
import type { PersonalFields } from '@rapport/privacy';
import type { Publishing } from '@rapport/processing';
import { personalInCommands } from './service-commands.js';
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
  return {
    ...parts,
    records,
    aggregates: deciders.map(({ aggregate }) => aggregate),
    catalogue: [...deciders, ...(parts.catalogue ?? [])],
    personal: { ...personalOf(records), ...personalInCommands(parts), ...parts.personal },
    projections: [...records.map(({ record }) => record.projection), ...(parts.projections ?? [])],
    publishes: Object.assign(
      {},
      ...records.map(({ record }) => record.publishes),
      parts.publishes,
    ) as Publishing['publishes'],
  };
};

const isServed = (aggregate: ServedRecord | KnownAggregate): aggregate is ServedRecord => 'record' in aggregate;

const personalOf = (records: readonly ServedRecord[]): PersonalFields =>
  Object.fromEntries(
    records.flatMap(({ record: { decider, personal } }) =>
      personal.length > 0 ? [[decider.aggregate, personal]] : [],
    ),
  );
