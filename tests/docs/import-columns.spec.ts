import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { importsV1 } from '@rapport/contracts';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { repository } from './repository.js';

/** A row of the page: an export as a system writes it, and what becomes of its columns. */
interface Export {
  readonly kind: string;
  readonly system: string;
  readonly read: Readonly<Record<string, string>>;
  readonly leftOut: readonly string[];
}

const IMPORTS = 'rapport.imports.v1.ImportsService';
const services = new Map<string, RunningService>();
const serviceOf = (kind: string): RunningService =>
  services.get(kind === 'contacts' || kind === 'accounts' ? 'contacts' : 'sales')!;

beforeAll(async () => {
  for (const name of ['contacts', 'sales'] as const)
    services.set(name, await startInProcess(contextModules[name].module(await inMemoryEngines())));
});
afterAll(() => Promise.all([...services.values()].map((service) => service.close())));

const exportsOf = (page: string): readonly Export[] =>
  page
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const kind = section.slice(0, section.indexOf('\n')).trim().toLowerCase();
      const rows = section.split('\n').filter((line) => line.includes(' → '));
      return rows.map((line) => {
        const [, system, read, leftOut] = line.split('|').map((cell) => cell.trim()) as [
          string,
          string,
          string,
          string,
        ];
        const pairs = read.split(' · ').map((pair) => pair.split(' → ') as [string, string]);
        return { kind, system, read: Object.fromEntries(pairs), leftOut: leftOut.split(' · ').filter(Boolean) };
      });
    });

/** What a new import of a file with these columns suggests, and warns of. */
const uploaded = async (kind: string, columns: readonly string[]): Promise<importsV1.Import> => {
  const { backend } = serviceOf(kind);
  const invoke = (method: string, request: object): Promise<never> =>
    backend.invoke(IMPORTS, method, request, callBy()) as Promise<never>;
  const settings = { columns: {}, values: [], required: [], scales: {} };
  const { id }: importsV1.Import = await invoke('createImport', { kind, import: { fileName: 'export.csv', settings } });
  const data = Buffer.from(`${columns.map((column) => `"${column}"`).join(',')}\n`);
  return invoke('uploadImportFile', { kind, id, offset: 0, data, last: true });
};

it('reads the columns of other systems as the page says, and tells before the run which are left out', async () => {
  const page = exportsOf(await readFile(join(repository, 'docs', 'import-columns.md'), 'utf8'));
  expect(page.length).toBeGreaterThan(20);
  for (const { kind, system, read, leftOut } of page) {
    const { columns, warnings } = await uploaded(kind, [...Object.keys(read), ...leftOut]);
    const suggested = columns.flatMap(({ name, suggestedField }) =>
      suggestedField ? [[name, suggestedField] as const] : [],
    );
    expect({ kind, system, read: Object.fromEntries(suggested) }).toEqual({ kind, system, read });
    const told = warnings.find(({ code }) => code === 'columns-left-out')?.message ?? '';
    expect({ kind, system, untold: leftOut.filter((column) => !told.includes(column)) }).toMatchObject({ untold: [] });
  }
});
