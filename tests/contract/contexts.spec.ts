import { describe, expect, it } from '@jest/globals';
import { contextNames, contextOf, contexts } from '@rapport/contexts';
import * as contracts from '@rapport/contracts';
import { IMPORT_ENGINE, type ImportEngine } from '@rapport/imports';
import { startInProcess } from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';
import { inMemoryEngines } from '@rapport/testing';

describe.each(contextNames)('the context %s', (name) => {
  const { service, module } = contextModules[name];
  const entry = contextOf(name);

  it('calls itself and its aggregates as the list does', () => {
    expect([service.context, [...service.aggregates].sort()]).toEqual([name, [...entry.aggregates].sort()]);
  });

  it('imports what the list says, and nothing else', async () => {
    const running = await startInProcess(module(await inMemoryEngines()));
    const isServed = running.backend.services.has(contracts.importsV1.ImportsServiceDefinition.fullName);
    const parts = isServed && running.nest.get<ImportEngine>(IMPORT_ENGINE, { strict: false }).parts;
    expect((parts ? parts.kinds : []).map(({ kind }) => kind).sort()).toEqual([...entry.importKinds].sort());
    await running.close();
  });
});

it('has a package of the contract for each', () => {
  const packages = Object.keys(contracts);
  expect(contexts.filter((context) => !packages.includes(`${context.name}V1`))).toEqual([]);
});
