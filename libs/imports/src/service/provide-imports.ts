import type { InjectionToken, OnApplicationBootstrap, OnModuleDestroy, Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { IMPORTED_RECORD_IDS, ownSubject } from '@rapport/privacy';
import { type KnownAggregate, partsOf, prefixOf } from '@rapport/event-store';
import type { ErasureFact, Projection } from '@rapport/processing';
import { RUNTIME, RunCommand, type ServiceRuntime } from '@rapport/service-kit';
import { importsApi } from '../api/imports-api.js';
import { IMPORT_ROWS, importRowsEvents } from '../domain/import-rows.events.js';
import { importDecider } from '../domain/import.js';
import type { ImportEvent } from '../domain/import.events.js';
import type { RunSteps } from '../engine/commands.js';
import { importRowsProjection, importsProjection } from '../engine/import-documents.js';
import { ImportEngine } from '../engine/import-engine.js';
import type { ImportKind } from '../engine/import-kind.js';
import { importMentionsProjection } from '../engine/import-mentions.js';
import { recordImports } from '../engine/record-import.js';
import type { RecordTargetParts } from '../engine/record-target.js';

/** The object that answers a service's import calls. */
export const IMPORTS_API = Symbol('imports API');
export const IMPORT_ENGINE = Symbol('import engine');

/** To be added to a service's projections. */
export const importProjections: readonly Projection[] = [
  importsProjection,
  importRowsProjection,
  importMentionsProjection,
];

/** To be added to what tells a service of erasures: a file that was forgotten has no key again, whatever copy is put back. */
export const importErasures: readonly ErasureFact[] = [
  {
    prefix: prefixOf(importDecider.aggregate),
    type: 'ImportFileForgotten' satisfies ImportEvent['type'],
    ids: ({ stream }) => [partsOf(stream).id],
  },
];

/** To be added to a service's catalogue. */
export const importCatalogue: readonly KnownAggregate[] = [
  importDecider,
  { aggregate: IMPORT_ROWS, events: importRowsEvents },
];

/** To be added to a service's personal fields. Names of files name people, and so does the first row of a file without header. */
export const importPurposes = { import: 'To bring in the records of a file, and to take them back' } as const;

export const personalImportFields = { import: ['fileName', 'values', 'columns', 'suggested', 'sample'] } as const;

/** Describes those of a service's kinds that their definition does not tell; further arguments are what was asked to be injected. */
export type KindsOf<Injected extends readonly unknown[]> = (
  parts: RecordTargetParts,
  ...injected: Injected
) => readonly ImportKind[];

/** Lets a service take files in, of every kind of record whose definition says how: the engine over its write path, resumed when it starts and stopped with it. */
export const provideImports = <Injected extends readonly unknown[]>(
  kinds: KindsOf<Injected> = () => [],
  inject: readonly InjectionToken[] = [],
): readonly Provider[] => [
  {
    provide: IMPORT_ENGINE,
    inject: [RUNTIME, CommandBus, ...inject],
    useFactory: (runtime: ServiceRuntime, commands: CommandBus, ...injected: unknown[]) =>
      new ServiceImports(runtime, commands, (parts) => kinds(parts, ...(injected as unknown as Injected))),
  },
  { provide: IMPORTS_API, inject: [IMPORT_ENGINE], useFactory: (engine: ServiceImports) => importsApi(engine) },
];

class ServiceImports extends ImportEngine implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    runtime: ServiceRuntime,
    commands: CommandBus,
    kinds: (parts: RecordTargetParts) => readonly ImportKind[],
  ) {
    const { events, engines, listOf } = runtime;
    const run: RunSteps = (order) => commands.execute(new RunCommand(order));
    const { calendar } = runtime.tenants;
    const parts = { events, run, clock: engines.clock, calendar, listOf };
    const told = kinds(parts);
    super({
      kinds: [...told, ...recordImports(runtime.definition, runtime, parts, told)],
      files: engines.files,
      events,
      run,
      imports: runtime.projection(importsProjection),
      rows: runtime.projection(importRowsProjection),
      mentions: runtime.projection(importMentionsProjection),
      secret: (tenant) => engines.keys.create(ownSubject(runtime.definition.context, tenant, IMPORTED_RECORD_IDS)),
      habits: (tenant) => ({ zone: calendar.zoneOf(tenant), ...currencyOf(runtime, tenant) }),
      caughtUp: () => runtime.caughtUp(),
      settled: () => runtime.settled(),
      ownership: engines.ownership,
      clock: engines.clock,
      trouble: (importId, failure) => engines.logger.error('An import came to grief', { importId }, failure),
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.resume();
  }

  onModuleDestroy(): Promise<void> {
    return this.close();
  }
}

const currencyOf = (runtime: ServiceRuntime, tenant: string): { readonly currency?: string } => {
  const { currency } = runtime.tenants.of(tenant);
  return currency === undefined ? {} : { currency };
};
