import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { companyJourney } from './company-journey.js';
import { describeWhere } from './support/host-tools.js';
import { eventually, Import, Rapport, writeGeneratedCompany } from './support/index.js';

const folder = mkdtempSync(join(tmpdir(), 'rapport-company-'));
beforeAll(() => writeGeneratedCompany(folder));
afterAll(() => rm(folder, { recursive: true }));

// On engines the same journey takes minutes, so where there are real files it is made with those alone.
const isMadeAnyway = process.env['RAPPORT_ASSEMBLY'] === 'processes' && process.env['RAPPORT_REAL_DATA'] !== undefined;
describeWhere(isMadeAnyway ? ['made with the files of RAPPORT_REAL_DATA'] : [], 'a small company', () => {
  companyJourney(folder);
});

describe('an import', () => {
  const rows = 3_000;
  const people = Array.from(
    { length: rows },
    (_, index) => `Person ${index},person-${index}@example.org,10/${(index % 28) + 1}/2017\n`,
  );
  const file = `Last name,E-mail,Born\n${people.join('')}`;

  it('shows how far it is, and leaves out columns that are no field', async () => {
    await using rapport = await Rapport.start();
    const { api } = rapport;
    const contacts = await Import.of(api, 'contacts', file);
    expect((await contacts.view()).columns!.map(({ field }) => field)).toEqual(['lastName', 'email', undefined]);
    await api.post(`${contacts.path}:run`);
    const seen: number[] = [];
    const { counts } = await eventually(
      () => contacts.view(),
      ({ state, counts }) => {
        seen.push(counts!['processed']!);
        return state === 'done';
      },
    );
    expect(counts).toMatchObject({ rows, processed: rows, created: rows, failed: 0 });
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(seen.filter((processed) => processed > 0 && processed < rows)).not.toEqual([]);
    expect(await api.all('/v1/contacts', { limit: '200' })).toHaveLength(rows);
  });

  it('that was stopped keeps what is in, which can be taken back', async () => {
    await using rapport = await Rapport.start();
    const { api } = rapport;
    const contacts = await Import.of(api, 'contacts', file);
    await api.post(`${contacts.path}:run`);
    await eventually(
      () => contacts.view(),
      ({ counts }) => counts!['processed']! > 0,
    );
    await api.post(`${contacts.path}:cancel`);
    const { state } = await eventually(
      () => contacts.view(),
      ({ state }) => state !== 'running',
    );
    expect(state).toBe('canceled');
    const { created, restored, kept } = (await contacts.revert()).counts!;
    expect([restored, kept]).toEqual([created, 0]);
    expect(created).toBeLessThan(rows);
    expect(await api.all('/v1/contacts')).toEqual([]);
  });

  it('goes on after a restart, and brings every row in once', async () => {
    await using rapport = await Rapport.start();
    const begun = await Import.of(rapport.api, 'contacts', file);
    await rapport.api.post(`${begun.path}:run`);
    await eventually(
      () => begun.view(),
      ({ counts }) => counts!['processed']! > 0,
    );
    await rapport.restart();
    const { api } = rapport;
    await eventually(
      () => api.get<{ state: string }>(begun.path),
      ({ state }) => state === 'done',
    );
    const emails = (await api.all('/v1/contacts', { limit: '200' })).map(({ email }) => email);
    expect([emails.length, new Set(emails).size]).toEqual([rows, rows]);
  });
});
